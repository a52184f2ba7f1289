import { join } from 'node:path'
import t from 'tap'
import type { FeedRecord } from '../../../src/domain/polling/feed-record.ts'
import { verify } from '../../../src/store/integrity/verify.ts'
import { openStore } from '../../../src/store/open.ts'
import { withEngineOf } from '../../../src/store/open-engine.ts'
import { seeded } from '../../reliability/support/report.ts'
import { noPostgres, noSqlite } from '../../support/engine.ts'
import { postgresServer } from '../../support/postgres.ts'
import { runs } from '../../support/scale.ts'
import type { Testing } from '../contract/use.ts'
import { writeHistory } from '../support/written-history.ts'
import { handEdits } from './support/hand-edits.ts'
import { rowEditor } from './support/row-editor.ts'

t.setTimeout(600_000)
const folder = t.testdir()
const server = postgresServer(t)
let files = 0

t.test('SQLite', { skip: noSqlite }, async (t) => {
  integrity(t, async () => {
    files += 1
    return `sqlite:${join(folder, `store-${files}.db`)}`
  })
})
t.test('PostgreSQL', { skip: noPostgres }, async (t) => integrity(t, () => server.database()))

function integrity(t: Testing, fresh: () => Promise<string>): void {
  const verified = (url: string) => withEngineOf({ url, keys: [] }, verify)

  t.test('a store as it was written raises no alarm, an empty one neither', async (t) => {
    const url = await fresh()
    await (await openStore(url)).close()
    t.match(await verified(url), { catalogues: 0, events: 0 })
    await writeHistory(url, { catalogues: ['gateway', 'relay', 'probe'], revisions: 6 })
    t.match(await verified(url), { catalogues: 3, revisions: 18, signingKeys: 1 })
  })

  t.test('single edits by hand are found, whichever row and column they are in', async (t) => {
    const url = await fresh()
    await writeHistory(url)
    const seed = Number(process.env.PORTOLAN_TEST_SEED || Date.now() % 1_000_000)
    const { missed, ...counts } = await handEdits(url, runs(60), seeded(seed))
    t.comment(`seed ${seed}: ${JSON.stringify(counts)}`)
    t.strictSame(missed, [], `seed ${seed}`)
  })

  t.test('feeds are verified: what is kept of them, what is held, and that their catalogues are there', async (t) => {
    const url = await fresh()
    await writeHistory(url)
    const keep = async (record: FeedRecord, document?: string) => {
      const { feeds, close } = await openStore(url)
      await feeds.claim({ first: record, holder: record.id, now: 0, leaseMs: 1 })
      await feeds.write(record.id, record, document)
      await close()
    }
    const kept = (id: string, revision: number): FeedRecord => {
      const answered = { source: 'sha256:a', validators: {}, digest: 'b' }
      const held = { content: 'sha256:d', since: 1, findings: [], head: 3, answered }
      return { id, failures: 0, next: 1, accepted: { ...answered, revision }, ...(id === 'gateway' && { held }) }
    }
    await keep(kept('gateway', 4), '{"id":"gateway"}')
    t.match(await verified(url), { catalogues: 2 })
    const editor = await rowEditor(url)
    t.teardown(() => editor.close())
    for (const [column, value, sentence] of [
      ['body', '{"id":"gateway"}', /^What is kept of the feed gateway is no record/],
      ['body', '{', /^The row of feeds with id gateway/],
      ['held_document', 'half of it', /^The change of the feed gateway that is held/]
    ] as const) {
      const place = (await editor.places('feeds')).find((each) => each.column === column)
      if (!place) throw new Error(`feeds has no ${column}`)
      const before = await editor.read(place)
      const at = await editor.write(place, value)
      // PostgreSQL itself refuses what is no JSON.
      if (!at) continue
      await t.rejects(verified(url), { code: 'store_damaged', message: sentence }, column)
      await editor.write(at, before)
    }
    await keep(kept('relay', 5))
    await t.rejects(verified(url), {
      message: /^The feed relay was taken in up to revision 5, and its catalogue ends at 4/
    })
    await keep(kept('relay', 4))
    await keep(kept('feed.gone', 1))
    await t.rejects(verified(url), { message: /^The feed feed\.gone has no catalogue any more/ })
  })

  t.test('the first thing that is wrong is named in a sentence', async (t) => {
    const url = await fresh()
    await writeHistory(url)
    const editor = await rowEditor(url)
    t.teardown(() => editor.close())
    const cases: readonly (readonly [string, string, string | number, RegExp])[] = [
      [
        'revisions',
        'digest',
        'sha256:0',
        /^Revision 1 of gateway has the digest sha256:0, and its document has sha256:/
      ],
      ['revisions', 'summary', 'Nothing', /^Revision 1 of gateway does not follow its predecessor/],
      ['events', 'label', '7', /^Event 1 has the checksum sha256:.*, and its content has sha256:/],
      ['events', 'checksum', 'none', /^Event 1 has the checksum none/],
      ['log', 'seq', 3, /^The log ends at \d+, and its row says 3\.$/],
      ['log', 'epoch', 'abc', /^The epoch abc has not the checksum that is kept\.$/],
      ['catalogues', 'title', 'Other', /^The title of gateway is Other, and revision 4 says Product/],
      [
        'orders',
        'keys',
        '[ "updates" ]',
        /^The row of orders with catalogue 1 and since 1 holds in keys what was never/
      ],
      ['orders', 'keys', '{"removed":[],"add":[]}', /^An order of requirements is no difference from the one before/],
      ['endpoints', 'since', 99, /^A row of endpoints is of revision 99 of catalogue number 1/]
    ]
    for (const [table, column, value, sentence] of cases) {
      const place = (await editor.places(table)).find((each) => each.column === column)
      if (!place) throw new Error(`${table} has no ${column}`)
      const before = await editor.read(place)
      const at = await editor.write(place, value)
      if (!at) throw new Error(`${table}.${column} takes no ${value}`)
      await t.rejects(verified(url), { code: 'store_damaged', message: sentence }, `${table}.${column}`)
      await editor.write(at, before)
    }
    t.match(await verified(url), { catalogues: 2 })
  })
}
