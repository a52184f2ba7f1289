import t from 'tap'
import type { Document, Requirement } from '../../../src/domain/document/document.ts'
import type { Endpoint } from '../../../src/domain/document/endpoint.ts'
import { toRows } from '../../../src/domain/history/rows.ts'
import { stepBetween } from '../../../src/domain/history/step.ts'

const address = (value: string, rest: Partial<Endpoint> = {}): Endpoint => ({ ...rest, kind: 'address', value })

function requirement(key: string, endpoints: readonly Endpoint[], title = key): Requirement {
  return {
    key,
    title,
    scope: 'external',
    direction: 'outbound',
    necessity: 'required',
    services: [{ transport: 'tcp' }],
    endpoints
  }
}

function rows(requirements: readonly Requirement[], title = 'Gateway') {
  const document: Document = {
    id: 'gateway',
    title,
    vendor: 'V',
    product: 'P',
    version: '1',
    timeZone: 'UTC',
    edition: { label: '1', summary: 'first' },
    requirements
  }
  return toRows(document)
}

const closes = (step: ReturnType<typeof stepBetween>) => step.endpoints.closed.map(({ endpoint }) => endpoint)
const opens = (step: ReturnType<typeof stepBetween>) => step.endpoints.opened.map(({ endpoint }) => endpoint)

t.test('from nothing everything opens', async (t) => {
  const after = rows([requirement('a', [address('192.0.2.1'), address('192.0.2.2')]), requirement('b', [])])
  const step = stepBetween(undefined, after)
  t.same(step.profile, after.profile)
  t.same(step.order, ['a', 'b'])
  t.same(step.requirements, { closed: [], opened: [...after.requirements.values()] })
  t.same(opens(step), [address('192.0.2.1'), address('192.0.2.2')])
  t.same(closes(step), [])
})

t.test('an equal document brings its edition only', async (t) => {
  const list = [requirement('a', [address('192.0.2.1', { remarks: 'x' })])]
  const step = stepBetween(rows(list), rows(structuredClone(list)))
  t.same(step, {
    edition: { label: '1', summary: 'first' },
    requirements: { closed: [], opened: [] },
    endpoints: { closed: [], opened: [] }
  })
})

t.test('a changed endpoint closes its row and opens another', async (t) => {
  const [was, is] = [address('192.0.2.1'), address('192.0.2.1', { until: '2030-01-01T00:00:00Z' })]
  const step = stepBetween(
    rows([requirement('a', [was, address('192.0.2.2')])]),
    rows([requirement('a', [is, address('192.0.2.2')])])
  )
  t.same(closes(step), [was])
  t.same(opens(step), [is])
})

t.test('of two lifetimes of one value only the changed one moves', async (t) => {
  const first = address('192.0.2.1', { until: '2020-01-01T00:00:00Z' })
  const second = address('192.0.2.1', { from: '2021-01-01T00:00:00Z' })
  const ended = address('192.0.2.1', { from: '2021-01-01T00:00:00Z', until: '2022-01-01T00:00:00Z' })
  const step = stepBetween(rows([requirement('a', [first, second])]), rows([requirement('a', [first, ended])]))
  t.same(closes(step), [second])
  t.same(opens(step), [ended])
})

t.test('another order of members is a difference, since bytes would differ', async (t) => {
  const feed = (select: Record<string, string[]>): Endpoint => ({
    kind: 'feed',
    value: 'f',
    url: 'https://example.net/f',
    select
  })
  const [one, other] = [feed({ a: ['1'], b: ['2'] }), feed({ b: ['2'], a: ['1'] })]
  t.equal(opens(stepBetween(rows([requirement('a', [one])]), rows([requirement('a', [other])]))).length, 1)
})

t.test('a requirement that goes takes its endpoints along; a new order alone is one row', async (t) => {
  const [a, b] = [requirement('a', [address('192.0.2.1')]), requirement('b', [address('192.0.2.1')])]
  const gone = stepBetween(rows([a, b]), rows([b]))
  t.same(gone.requirements, { closed: ['a'], opened: [] })
  t.same(gone.endpoints.closed, [{ requirement: 'a', endpoint: address('192.0.2.1') }])
  const turned = stepBetween(rows([a, b]), rows([b, a]))
  t.same(turned.order, ['b', 'a'])
  t.same(turned.requirements, { closed: [], opened: [] })
})

t.test('changed fields of a requirement leave its endpoints alone', async (t) => {
  const list = [address('192.0.2.1')]
  const step = stepBetween(rows([requirement('a', list)], 'Old'), rows([requirement('a', list, 'New title')], 'New'))
  t.same(step.requirements.closed, ['a'])
  t.same(
    step.requirements.opened.map(({ title }) => title),
    ['New title']
  )
  t.same(step.endpoints, { closed: [], opened: [] })
  t.equal(step.profile?.title, 'New')
})
