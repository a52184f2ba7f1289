import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { readDestination } from '../../../src/domain/lookup/destination.ts'
import { ruleQueries } from '../../../src/domain/lookup/lookup.ts'
import { answerLookup, inOrder, type LookupFinding } from '../../../src/domain/lookup/lookup-answer.ts'
import { judge, type RuleVerdict } from '../../../src/domain/lookup/verdict.ts'
import {
  address,
  any,
  at,
  documentOf,
  feed,
  host,
  requirement,
  role,
  type Written
} from '../document/support/sample.ts'
import { historyOf } from '../history/support/history-of.ts'

const now = at('2020-06-01')
const removed = at('2020-03-01')

/** The verdict on a rule, by one catalogue with these revisions. A place that was removed ended on 1 March. */
function verdictOn(rule: string, ...documents: readonly Document[]): RuleVerdict {
  const read = readDestination(rule)
  if ('fault' in read) throw new Error(read.fault)
  const places = ruleQueries(read).flatMap((query) =>
    answerLookup(query, historyOf(documents), new Map([['gateway', documents.length]]), now)
  )
  return judge(inOrder(places, endOf), endOf)
}

const endOf = ({ endpoint }: LookupFinding) => (endpoint?.until === undefined ? removed : at(endpoint.until))

const one = (...endpoints: readonly Written[]) => documentOf([requirement('a', endpoints)])

t.test('what a place needs now must stay, and how many more need it is counted', async (t) => {
  const both = documentOf([requirement('a', [address('192.0.2.1')]), requirement('b', [address('192.0.2.1')])])
  t.match(verdictOn('192.0.2.1', both), { kind: 'needed', by: { requirement: { key: 'a' } }, others: 1 })
  t.match(verdictOn('192.0.2.1', one(address('192.0.2.1'))), { kind: 'needed', others: 0, ended: undefined })
})

t.test('what retires everywhere may go from its last end on, and what is still needed elsewhere may not', async (t) => {
  const ending = { until: '2020-07-01T00:00:00Z', replacedBy: ['192.0.2.9'] }
  const later = { until: '2020-08-01T00:00:00Z', replacedBy: ['192.0.2.8'] }
  const two = documentOf([
    requirement('a', [address('192.0.2.1', ending), address('192.0.2.9')]),
    requirement('b', [address('192.0.2.1', later), address('192.0.2.8')])
  ])
  t.match(verdictOn('192.0.2.1', two), {
    kind: 'retiring',
    until: at('2020-08-01'),
    replacedBy: ['192.0.2.8', '192.0.2.9']
  })
  const kept = documentOf([
    requirement('a', [address('192.0.2.1', { until: '2020-07-01T00:00:00Z' })]),
    requirement('b', [address('192.0.2.1')])
  ])
  t.match(verdictOn('192.0.2.1', kept), { kind: 'needed', by: { requirement: { key: 'b' } } })
})

t.test('what will be needed must stay, also where all that needs it now ends', async (t) => {
  const planned = address('192.0.2.1', { from: '2031-01-01T00:00:00Z' })
  t.match(verdictOn('192.0.2.1', one(planned)), { kind: 'planned', from: at('2031-01-01'), until: undefined })
  const again = documentOf([
    requirement('a', [address('192.0.2.1', { until: '2020-07-01T00:00:00Z' })]),
    requirement('b', [planned])
  ])
  t.match(verdictOn('192.0.2.1', again), { kind: 'planned', from: at('2031-01-01'), until: at('2020-07-01') })
})

t.test('what ended everywhere may go: with its lifetime, or with the revision that removed it', async (t) => {
  const ended = address('192.0.2.1', { until: '2020-05-01T00:00:00Z' })
  t.match(verdictOn('192.0.2.1', one(ended)), { kind: 'retired', at: at('2020-05-01') })
  t.match(verdictOn('192.0.2.1', one(address('192.0.2.1')), one(host('example.net'))), { kind: 'retired', at: removed })
})

t.test('of roles, feeds and any nobody here can tell', async (t) => {
  const document = one(role('administrators'), feed('list'), any())
  t.match(verdictOn('tcp/443', document), { kind: 'open', open: { length: 3 } })
  const ended = address('192.0.2.1', { until: '2020-05-01T00:00:00Z' })
  t.match(verdictOn('192.0.2.1:443', one(ended, any())), { kind: 'open' }, 'an end says nothing of them')
  const ending = address('192.0.2.1', { until: '2020-07-01T00:00:00Z' })
  t.match(verdictOn('192.0.2.1:443', one(ending, any())), { kind: 'retiring', open: { length: 1 } })
  t.match(verdictOn('192.0.2.1:443', one(address('192.0.2.1'), any())), { kind: 'needed' })
})

t.test('of what no catalogue names nothing is known', async (t) => {
  t.same(verdictOn('198.51.100.1', one(address('192.0.2.1'))), { kind: 'unknown' })
  t.same(verdictOn('udp/9', one(address('192.0.2.1'))), { kind: 'unknown' })
})

t.test('a network gets the verdict of its most alive part, with a port too', async (t) => {
  const document = one(address('192.0.2.1', { until: '2020-05-01T00:00:00Z' }), address('192.0.2.9'))
  for (const rule of ['192.0.2.0/24', '192.0.2.0/24 tcp/443', '192.0.2.0-192.0.2.9', '192.0.2.0-192.0.2.9 tcp/443'])
    t.match(verdictOn(rule, document), {
      kind: 'needed',
      by: { match: /within|exact/, endpoint: { value: '192.0.2.9' } }
    })
  t.match(verdictOn('192.0.2.0-192.0.2.3', document), { kind: 'retired', by: { endpoint: { value: '192.0.2.1' } } })
  t.match(verdictOn('192.0.2.0/24 udp/443', document), { kind: 'unknown' })
})
