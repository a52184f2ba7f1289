import t from 'tap'
import { decide } from '../../../src/domain/publishing/decide.ts'
import type { Manuscript } from '../../../src/domain/publishing/draft.ts'
import { type PublishContext, publish } from '../../../src/domain/publishing/publish.ts'
import { address, at, documentOf, requirement, type Written, written } from '../document/support/sample.ts'

const now = at('2020-06-01')
const rows = [requirement('a', [address('9.0.0.1')])]
const document = documentOf(rows)

function contextOf(precondition: PublishContext['precondition']): PublishContext {
  return { now, overrides: [], noticeDays: 0, eventId: 'evt_1', due: [], precondition }
}

function head() {
  const decision = publish(undefined, { document }, contextOf('holds'))
  if (decision.kind !== 'publish') throw new Error(decision.kind)
  return { revision: decision.revision, document }
}

const manuscript = (bytes: string, rest: Partial<Manuscript> = {}): Manuscript => ({
  bytes: Buffer.from(bytes),
  notation: 'json',
  ...rest
})
const json = (value: Written) => manuscript(JSON.stringify(value))

const unreadable = manuscript('{"id":')
const equal = json(written(rows))
const faulty = json(written([requirement('a', [address('9.0.0.0/7')]), requirement('a')]))
const refused = json(written([], { edition: { label: '2', summary: 'Empty' } }))
const fine = json(written([...rows, requirement('b')], { edition: { label: '2', summary: 'More' } }))

t.test('the order of refusals: unreadable, no precondition, (equal is fine), stale, faulty, guard rail', async (t) => {
  const outcome = (each: Manuscript, precondition: PublishContext['precondition']): string => {
    try {
      return decide(head(), each, contextOf(precondition)).decision.kind
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : String(error)
    }
  }
  const table = Object.entries({ unreadable, equal, faulty, refused, fine }).map(([name, each]) => [
    name,
    outcome(each, 'absent'),
    outcome(each, 'stale'),
    outcome(each, 'holds')
  ])
  t.same(table, [
    ['unreadable', 'malformed_body', 'malformed_body', 'malformed_body'],
    ['equal', 'precondition_required', 'unchanged', 'unchanged'],
    ['faulty', 'precondition_required', 'stale', 'invalid_document'],
    ['refused', 'precondition_required', 'stale', 'guard_rail'],
    ['fine', 'precondition_required', 'stale', 'publish']
  ])
})

t.test('every fault is told at once', async (t) => {
  t.throws(() => decide(head(), faulty, contextOf('holds')), {
    code: 'invalid_document',
    faults: [
      { pointer: '/requirements/0/endpoints/0/value' },
      { pointer: '/requirements/1/key', code: 'duplicate_key' }
    ]
  })
})

t.test('the document comes with the decision, in canonical form', async (t) => {
  const decided = decide(undefined, manuscript('# YAML\nid: gateway\nid2: x', { notation: 'yaml' }), contextOf('stale'))
  t.same(decided, { decision: { kind: 'stale' } }, 'of a faulty one there is none')
  const { document: canonical, decision } = decide(head(), fine, contextOf('holds'))
  t.same(canonical, documentOf([...rows, requirement('b')], { edition: { label: '2', summary: 'More' } }))
  t.equal(decision.kind, 'publish')
})

t.test('the document must be for the catalogue that it is sent to', async (t) => {
  const other = manuscript(JSON.stringify(written(rows)), { id: 'other' })
  t.throws(() => decide(undefined, other, contextOf('holds')), {
    code: 'invalid_document',
    faults: [{ pointer: '/id', code: 'id_mismatch' }]
  })
})

t.test('what cannot be read is told by line and column', async (t) => {
  t.throws(() => decide(undefined, manuscript('{\n  "id" 1}'), contextOf('holds')), {
    code: 'malformed_body',
    message: /line 2/
  })
  t.throws(() => decide(undefined, manuscript('a: [1', { notation: 'yaml' }), contextOf('holds')), {
    code: 'malformed_body'
  })
})
