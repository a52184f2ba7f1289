import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import { makeCatalogues } from '../../src/catalogue/catalogues.ts'
import { publishDocument } from '../../src/catalogue/publishing/publish.ts'
import { Clock } from '../../src/delivery/clock.ts'
import { subjectId } from '../../src/domain/event/event.ts'
import { openStore } from '../../src/store/open.ts'
import { addresses, documentInput, requirementInput } from '../support/document.ts'

const [catalogueCount, endsEach, processCount] = [100, 50, 3]
const start = Date.parse('2020-01-01T00:00:00Z')
const midnight = Date.parse('2020-03-01T00:00:00Z')

/** A process on the store: heads and a clock of its own, at a time that stands still until it is set. */
async function processOn(url: string, time: { now: number }) {
  const store = await openStore(url)
  const catalogues = makeCatalogues(store, { now: () => time.now, random: randomBytes, onError: () => {} })
  await catalogues.heads.refresh()
  const log = pino({ level: 'silent' })
  return { catalogues, clock: new Clock({ catalogues, monotonic: () => time.now, holdMs: 0, log }) }
}

t.test(
  'R7: 5,000 retirements at one instant over 100 catalogues are 100 events, however many processes tell them',
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
    t.teardown(() => rmSync(folder, { recursive: true }))
    const url = `sqlite:${join(folder, 'portolan.db')}`
    const time = { now: start }
    const processes: Awaited<ReturnType<typeof processOn>>[] = []
    for (let count = 0; count < processCount; count += 1) processes.push(await processOn(url, time))
    t.teardown(async () => {
      for (const { catalogues, clock } of processes) {
        await clock.close()
        await catalogues.close()
      }
    })
    const [first] = processes
    if (!first) return
    for (let index = 0; index < catalogueCount; index += 1) {
      const ends = addresses(endsEach, index * 256).map((each) => ({ ...each, until: '2020-03-01' }))
      const endpoints = [{ kind: 'host', value: 'stays.example.net' }, ...ends]
      const catalogue = `product-${index}`
      const document = documentInput({ id: catalogue, requirements: [requirementInput({ endpoints })] })
      await publishDocument(first.catalogues, {
        catalogue,
        manuscript: { bytes: Buffer.from(JSON.stringify(document)), notation: 'json' },
        precondition: { kind: 'create' },
        overrides: ['mass_removal'],
        reason: 'All mirrors move',
        isDryRun: false
      })
    }
    for (const { catalogues, clock } of processes) {
      await catalogues.heads.refresh()
      clock.start()
    }
    time.now = midnight
    const began = performance.now()
    await Promise.all(processes.map(({ clock }) => clock.look()))
    const tookMs = performance.now() - began

    const events = await first.catalogues.store.events({ after: catalogueCount, limit: 1000 })
    const transitions = events.filter(({ type }) => type === 'catalogue.transitioned')
    t.equal(events.length, catalogueCount, 'and no notice, which would come too late')
    t.equal(new Set(transitions.map(subjectId)).size, catalogueCount)
    t.ok(transitions.every(({ counts, effectiveAt }) => counts.removed === endsEach && effectiveAt === midnight))
    t.ok(
      events.every(({ seq }, index) => seq === catalogueCount + 1 + index),
      'seq has no gaps'
    )
    const shares = processes.map(({ catalogues }) => catalogues.logCounters.byType.get('catalogue.transitioned') ?? 0)
    t.equal(
      shares.reduce((sum, share) => sum + share),
      catalogueCount,
      'what each process says it told adds up'
    )
    t.comment(`${catalogueCount} events in ${Math.round(tookMs)} ms, told by ${shares.join(', ')}`)
  }
)
