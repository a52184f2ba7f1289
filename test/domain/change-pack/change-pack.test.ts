import { readFileSync } from 'node:fs'
import t from 'tap'
import { changePack } from '../../../src/domain/change-pack/change-pack.ts'
import { movesBetween } from '../../../src/domain/change-pack/moves.ts'
import { packId } from '../../../src/domain/change-pack/question.ts'
import { summaryOf } from '../../../src/domain/change-pack/summary.ts'
import type { Document } from '../../../src/domain/document/document.ts'
import { parseDocument } from '../../../src/domain/document/parse-document.ts'
import { parseYaml } from '../../../src/domain/json/yaml.ts'
import { address, any, at, documentOf, host, requirement } from '../document/support/sample.ts'

const first = 'clearswift-exchange-gateway-4.8'

function published(file: string): Document {
  const read = parseYaml(readFileSync(`catalogues/${first}/${file}`))
  if (!('value' in read)) throw new Error('the catalogue cannot be read')
  const parsed = parseDocument(read.value)
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.document
}

/** The pack from one document to another that was published at an instant. */
function pack(before: Document, after: Document, since: number, { now = since, lead = 0, elsewhere = new Map() } = {}) {
  const moves = movesBetween({ before: before.requirements, after: after.requirements, since, now })
  return changePack(moves, { known: since, lead, elsewhere })
}

const publishedAt = at('2018-10-01')
const ends = at('2018-11-22')

t.test(
  'the six addresses of the first catalogue are closed after the four that replace them were opened and checked',
  async (t) => {
    const work = pack(published('1-pre-2.3.yaml'), published('2-2.3.yaml'), publishedAt)
    const steps = work.steps.map((step) => ({ ...step, rows: step.rows.map(({ value }) => value) }))
    const four = ['70.33.161.213', '70.33.161.214', '185.155.104.24', '185.155.104.25']
    t.strictSame(steps, [
      { n: 1, do: 'open', notBefore: publishedAt, by: ends, rows: four },
      { n: 2, do: 'verify', after: [1], by: ends, rows: four },
      {
        n: 3,
        do: 'close',
        after: [1, 2],
        notBefore: ends,
        rows: ['54.254.98.96', '79.125.8.252', '174.129.26.118', '175.41.136.7', '176.34.251.142', '184.72.245.1']
      }
    ])
    t.equal(work.deadline, ends)
    t.strictSame(work.steps[0]?.rows[0]?.requirements, ['kaspersky-av-updates', 'sophos-av-updates'])
    t.equal(summaryOf(work), 'Open 4 addresses from 2018-10-01; close 6 from 2018-11-22.')
  }
)

t.test('the id is that of the resolved question, whatever format is asked for', async (t) => {
  t.equal(packId({ catalogue: first, span: { from: 1, to: 2 } }), '0ed62aecc0b09f10')
  t.not(packId({ catalogue: first, span: { from: 1, to: 2 }, lead: 'P7D' }), '0ed62aecc0b09f10')
  t.equal(
    packId({ catalogue: first, span: { from: 1, to: 2 }, filters: { tag: ['b', 'a'] } }),
    packId({ catalogue: first, span: { from: 1, to: 2 }, filters: { tag: ['a', 'b'] } })
  )
})

t.test('an address that another requirement needs on the same port stays, and another port of it goes', async (t) => {
  const mail = { services: [{ transport: 'tcp', ports: [25, 443] }] }
  const before = documentOf([requirement('web', [address('9.9.9.9')]), requirement('mail', [address('9.9.9.9')], mail)])
  const after = documentOf([requirement('web', [address('9.9.9.9')]), requirement('mail', [], mail)])
  const work = pack(before, after, publishedAt)
  t.match(work.steps, [
    { do: 'close', rows: [{ value: '9.9.9.9', ports: [{ from: 25, to: 25 }], slice: 'out-tcp-25' }] }
  ])
  t.match(work.kept, [{ flow: { value: '9.9.9.9', port: { from: 443 } }, neededBy: [{ requirement: 'web' }] }])
})

t.test('what was announced already is no news, and an end that moved says which it was', async (t) => {
  const until = (day: string) =>
    documentOf([requirement('web', [address('9.9.9.9', { until: day }), host('a.example')])])
  t.strictSame(pack(until('2018-11-22'), until('2018-11-22'), publishedAt).steps, [])
  t.match(pack(until('2018-11-22'), until('2018-12-01'), publishedAt).steps, [
    { do: 'close', notBefore: at('2018-12-01'), rows: [{ was: ends }] }
  ])
  const again = pack(
    until('2018-11-22'),
    documentOf([requirement('web', [address('9.9.9.9'), host('a.example')])]),
    publishedAt
  )
  t.match(again, { steps: [], kept: [{ was: ends, neededBy: [{ requirement: 'web' }] }] })
})

t.test('what the clock has passed since is news even where it had been announced', async (t) => {
  const document = published('2-2.3.yaml')
  const work = pack(document, document, publishedAt, { now: at('2018-12-01') })
  t.match(work.steps, [{ n: 1, do: 'close', notBefore: ends }])
  t.equal(work.steps[0]?.rows.length, 6)
  t.notOk(work.steps[0] && 'after' in work.steps[0], 'nothing is opened, so nothing is waited for')
})

t.test('what is planned is opened at its date, or earlier by a lead, but not before it was known', async (t) => {
  const before = documentOf([requirement('web', [host('a.example')])])
  const after = documentOf([requirement('web', [host('a.example'), host('b.example', { from: '2018-11-01' })])])
  const begins = at('2018-11-01')
  const day = 86_400_000
  t.match(pack(before, after, publishedAt).steps, [{ do: 'open', notBefore: begins, by: begins }])
  t.match(pack(before, after, publishedAt, { lead: 7 * day }).steps, [{ notBefore: begins - 7 * day, by: begins }])
  t.match(pack(before, after, publishedAt, { lead: 90 * day }).steps, [{ notBefore: publishedAt, by: begins }])
})

t.test('what another catalogue needs is kept and named', async (t) => {
  const before = documentOf([requirement('web', [address('9.9.9.9')])])
  const moves = movesBetween({ before: before.requirements, after: [], since: publishedAt, now: publishedAt })
  const neededBy = [{ catalogue: 'other', requirement: 'dns' }]
  const key = JSON.stringify(['outbound', 'address\n9.9.9.9', 'tcp', { from: 443, to: 443 }, undefined, undefined])
  t.match(changePack(moves, { known: publishedAt, elsewhere: new Map([[key, neededBy]]) }), {
    steps: [],
    kept: [{ neededBy }]
  })
})

t.test('conditions are told where nothing needs a flow without one', async (t) => {
  const optional = { necessity: 'conditional', condition: 'Where mail is scanned.' }
  const work = (rest: object) =>
    pack(
      documentOf([]),
      documentOf([requirement('a', [any()], optional), requirement('b', [any()], { ...rest })]),
      publishedAt
    )
  t.strictSame(work(optional).steps[0]?.rows[0]?.condition, ['Where mail is scanned.'])
  t.equal(work({}).steps[0]?.rows[0]?.condition, undefined)
})

t.test('under a site a flow has its own end, and is closed where no requirement of the site needs it', async (t) => {
  const gateway = (endpoints: readonly ReturnType<typeof address>[]) =>
    documentOf([requirement('logs', endpoints), requirement('alerts', [address('10.20.1.5')])])
  const site = (document: Document, source: readonly string[], catalogue: string) =>
    document.requirements.map((each) => ({
      ...each,
      catalogue,
      endpoints: each.endpoints.map((endpoint) => ({ ...endpoint, source }))
    }))
  const own = ['10.30.0.8']
  const before = site(gateway([address('10.20.1.5'), address('10.20.1.6')]), own, 'gateway')
  const at = publishedAt
  const steps = (after: typeof before) => {
    const moves = movesBetween({ before, after, since: at, now: at })
    const work = changePack(moves, { known: at, elsewhere: new Map() })
    return {
      rows: work.steps.flatMap((step) =>
        step.rows.map(({ sources = [], value, requirements }) => [step.do, ...sources, value, ...requirements])
      ),
      kept: work.kept
    }
  }
  const less = steps(site(gateway([]), own, 'gateway'))
  t.strictSame(less.rows, [['close', '10.30.0.8', '10.20.1.6', 'gateway/logs']])
  t.match(less.kept, [{ flow: { value: '10.20.1.5' }, neededBy: [{ catalogue: 'gateway', requirement: 'alerts' }] }])
  const moved = steps(site(gateway([address('10.20.1.5'), address('10.20.1.6')]), ['10.30.0.9'], 'gateway'))
  t.strictSame(moved.rows, [
    ['open', '10.30.0.9', '10.20.1.5', 'gateway/alerts', 'gateway/logs'],
    ['open', '10.30.0.9', '10.20.1.6', 'gateway/logs'],
    ['close', '10.30.0.8', '10.20.1.5', 'gateway/alerts', 'gateway/logs'],
    ['close', '10.30.0.8', '10.20.1.6', 'gateway/logs']
  ])
})
