import { join } from 'node:path'
import { handEdits } from '../store/integrity/support/hand-edits.ts'
import { writeHistory } from '../store/support/written-history.ts'
import { startPostgres } from '../support/postgres.ts'
import { type Reliability, seeded, Teardown } from './support/report.ts'
import { temporaryFolder } from './support/service.ts'

/** Single edits by hand, each in a random row and column of history, log and signing keys, on both engines: `verify` finds each. */
export const editsByHand: Reliability = {
  name: 'R17',
  title: 'edits by hand are found',
  async run(size, edits = size === 'full' ? 1000 : 50) {
    const t = new Teardown()
    const server = await startPostgres()
    t.teardown(() => server.stop())
    const counts: Record<string, number> = {}
    const failures: string[] = []
    for (const [engine, url] of [
      ['SQLite', `sqlite:${join(temporaryFolder(t), 'portolan.db')}`],
      ['PostgreSQL', await server.database()]
    ] as const) {
      await writeHistory(url)
      // Before and after the edits the store raises no alarm, or this throws.
      const { missed, edits: made, columns } = await handEdits(url, edits, seeded(17))
      counts[`edits on ${engine}`] = made
      counts[`columns on ${engine}`] = columns
      failures.push(...missed)
    }
    await t.run()
    return { counts, failures }
  }
}
