import { readFileSync } from 'node:fs'
import t from 'tap'
import { countChanges } from '../../../src/domain/change/change.ts'
import { diffFromNothing } from '../../../src/domain/change/diff.ts'
import type { Document } from '../../../src/domain/document/document.ts'
import { dueBy } from '../../../src/domain/event/transition.ts'
import { chainLink, documentDigest } from '../../../src/domain/history/digest.ts'
import { toRows } from '../../../src/domain/history/rows.ts'
import { stepBetween } from '../../../src/domain/history/step.ts'
import { decide } from '../../../src/domain/publishing/decide.ts'
import type { Draft } from '../../../src/domain/publishing/draft.ts'
import { type Decision, type HeadState, type PublishContext, publish } from '../../../src/domain/publishing/publish.ts'
import { address, at, documentOf, requirement, type Written } from '../document/support/sample.ts'

const now = at('2020-06-01')

function contextOf(rest: Partial<PublishContext> = {}): PublishContext {
  return { now, overrides: [], noticeDays: 0, eventId: 'evt_1', due: [], precondition: 'holds', ...rest }
}

type Published = Extract<Decision, { kind: 'publish' }>

function published(decision: Decision): Published {
  if (decision.kind !== 'publish') throw new Error(`is ${decision.kind}`)
  return decision
}

function publishOn(head: HeadState | undefined, draft: Draft, rest: Partial<PublishContext> = {}): Published {
  return published(publish(head, draft, contextOf(rest)))
}

function headOf(document: Document, rest: Partial<PublishContext> & { readonly publishedAt?: number } = {}): HeadState {
  const { publishedAt, ...context } = rest
  const draft = { document, ...(publishedAt !== undefined && { publishedAt }) }
  return { revision: publishOn(undefined, draft, context).revision, document }
}

const edition = (label: string, rest: Written = {}) => ({ edition: { label, summary: `Edition ${label}`, ...rest } })
const first = documentOf([requirement('a', [address('9.0.0.1')])])
const second = documentOf([requirement('a', [address('9.0.0.1'), address('9.0.0.2')])], edition('2'))

t.test('the first publish makes revision 1 of everything', async (t) => {
  const { revision, step, changes, events } = publishOn(undefined, { document: first }, { author: 'key:1' })
  const facts = {
    catalogue: 'gateway',
    number: 1,
    label: '1',
    publishedAt: now,
    recordedAt: now,
    author: 'key:1',
    summary: 'A summary',
    reconstructed: false,
    overrides: [],
    digest: documentDigest(first)
  }
  t.same(revision, {
    ...facts,
    counts: { added: 2, removed: 0, changed: 0 },
    chain: chainLink(undefined, facts),
    transitions: []
  })
  t.same(step, stepBetween(undefined, toRows(first)))
  t.same(changes, diffFromNothing(toRows(first), now))
  t.same(events, [
    {
      id: 'evt_1',
      type: 'catalogue.created',
      catalogue: 'gateway',
      occurredAt: now,
      effectiveAt: now,
      lateByMs: 0,
      revision: { number: 1, label: '1', digest: documentDigest(first) },
      counts: { added: 2, removed: 0, changed: 0 },
      changes,
      truncated: false
    }
  ])
})

t.test('a later publish links to the one before and brings what differs', async (t) => {
  const head = headOf(first, { now: now - 1000 })
  const { revision, step, changes, events } = publishOn(head, { document: second })
  t.match(revision, { number: 2, label: '2', counts: { added: 1, removed: 0, changed: 0 } })
  const { chain, counts: _, transitions: _transitions, ...facts } = revision
  t.equal(chain, chainLink(head.revision.chain, facts))
  t.same(step, stepBetween(toRows(first), toRows(second)))
  t.same(
    changes.map(({ op, pointer }) => `${op} ${pointer}`),
    ['added /requirements/a/endpoints/address:9.0.0.2']
  )
  t.match(events, [{ type: 'catalogue.revision_published', revision: { number: 2 }, changes, counts: revision.counts }])
  t.equal(events.length, 1)
})

t.test('equal content is unchanged, whatever the precondition and publishedAt say', async (t) => {
  const head = headOf(first)
  for (const precondition of ['holds', 'stale'] as const) {
    t.same(publish(head, { document: first }, contextOf({ precondition })), { kind: 'unchanged' })
    const later = { document: structuredClone(first), publishedAt: now + 1000 }
    t.same(publish(head, later, contextOf({ precondition })), { kind: 'unchanged' }, 'an impossible time is not judged')
  }
})

t.test('another edition is other content', async (t) => {
  const head = headOf(first)
  for (const rest of [edition('2'), edition('1', { reason: 'x' }), edition('1', { date: '2020' })])
    t.equal(
      publish(head, { document: documentOf([requirement('a', [address('9.0.0.1')])], rest) }, contextOf()).kind,
      'publish'
    )
})

t.test('stale comes before faults, faults before the guard rails', async (t) => {
  const head = headOf(first)
  const bad = documentOf([], edition('2'))
  t.same(publish(head, { document: bad, publishedAt: now + 1 }, contextOf({ precondition: 'stale' })), {
    kind: 'stale'
  })
  t.same(publish(head, { document: bad }, contextOf({ precondition: 'stale' })), { kind: 'stale' })
  t.throws(() => publish(head, { document: bad, publishedAt: now + 1 }, contextOf()), { code: 'invalid_document' })
  t.throws(() => publish(head, { document: bad }, contextOf()), { code: 'guard_rail' })
})

t.test('publishedAt may be any instant from the head up to now', async (t) => {
  const headAt = now - 10_000
  const head = headOf(first, { publishedAt: headAt })
  t.equal(head.revision.publishedAt, headAt)
  t.equal(head.revision.recordedAt, now, 'it is recorded when it is recorded')
  for (const publishedAt of [headAt, headAt + 1, now]) {
    const { revision, events } = publishOn(head, { document: second, publishedAt })
    t.same([revision.publishedAt, revision.recordedAt], [publishedAt, now])
    t.match(events, [{ occurredAt: now, effectiveAt: publishedAt }])
  }
  t.equal(publishOn(head, { document: second }).revision.publishedAt, now, 'by default it is now')
  t.throws(() => publish(head, { document: second, publishedAt: now + 1 }, contextOf()), {
    code: 'invalid_document',
    faults: [{ pointer: '/edition/publishedAt', code: 'published_in_future' }]
  })
  t.throws(() => publish(head, { document: second, publishedAt: headAt - 1 }, contextOf()), {
    code: 'invalid_document',
    faults: [{ pointer: '/edition/publishedAt', code: 'published_before_head' }]
  })
})

t.test('a clock that went back publishes nothing before the head', async (t) => {
  const head = headOf(first)
  const { revision } = publishOn(head, { document: second }, { now: now - 5000 })
  t.same([revision.publishedAt, revision.recordedAt], [now, now])
})

t.test('impacts and guard rails are judged at publishedAt', async (t) => {
  const head = headOf(first, { publishedAt: at('2020-01-01') })
  const planned = documentOf(
    [requirement('a', [address('9.0.0.1'), address('9.0.0.2', { from: '2020-02-01' })])],
    edition('2')
  )
  const impactAt = (publishedAt: number) =>
    publishOn(head, { document: planned, publishedAt }).changes.map(({ impact }) => impact)
  t.same(impactAt(at('2020-02-01') - 1), ['announces'])
  t.same(impactAt(at('2020-02-01')), ['opens'])

  const ended = documentOf(
    [requirement('a', [address('9.0.0.1', { until: '2020-02-01' }), address('9.0.0.2')])],
    edition('2')
  )
  t.ok(publishOn(head, { document: ended, publishedAt: at('2020-02-01') - 1 }))
  t.throws(() => publish(head, { document: ended, publishedAt: at('2020-02-01') }, contextOf()), { code: 'guard_rail' })
})

t.test('what a guard rail refuses is told in full, and passes where each rule is overridden', async (t) => {
  const head = headOf(first)
  const empty = documentOf([requirement('a')], edition('2'))
  const refused = ['unannounced_removal', 'catalogue_emptied', 'requirement_emptied'] as const
  t.throws(() => publish(head, { document: empty }, contextOf()), {
    code: 'guard_rail',
    extra: {
      findings: [
        { rule: 'unannounced_removal', pointer: '/requirements/a/endpoints/address:9.0.0.1' },
        { rule: 'catalogue_emptied', pointer: '/requirements' },
        { rule: 'requirement_emptied', pointer: '/requirements/a' }
      ]
    }
  })
  const [removal, ...others] = refused
  try {
    publish(head, { document: empty }, contextOf({ overrides: others }))
    t.fail('one rule is left')
  } catch (error) {
    t.match(error, { code: 'guard_rail', extra: { findings: [{ rule: removal }] } })
    t.match(error, { extra: { findings: { length: 1 } } }, 'what is overridden is not told')
  }
  t.ok(publishOn(head, { document: empty }, { overrides: refused }))
})

t.test('overrides and the reason are kept with the revision', async (t) => {
  const head = headOf(first)
  const empty = documentOf([requirement('a')], edition('2', { reason: 'As the author says' }))
  const overrides = ['unannounced_removal', 'requirement_emptied', 'catalogue_emptied', 'requirement_emptied'] as const
  const { revision } = publishOn(head, { document: empty }, { overrides, reason: 'The site is closed' })
  t.same(revision.overrides, ['catalogue_emptied', 'requirement_emptied', 'unannounced_removal'])
  t.equal(revision.reason, 'The site is closed')
  t.equal(publishOn(head, { document: empty }, { overrides }).revision.reason, 'As the author says')
  t.equal(publishOn(head, { document: second }).revision.reason, undefined)
})

t.test('notice is asked for in days', async (t) => {
  const head = headOf(first)
  const ending = documentOf(
    [requirement('a', [address('9.0.0.1', { until: '2020-06-08' }), address('9.0.0.2')])],
    edition('2')
  )
  t.ok(publishOn(head, { document: ending }, { noticeDays: 7 }))
  t.throws(() => publish(head, { document: ending }, contextOf({ noticeDays: 8 })), {
    code: 'guard_rail',
    extra: { findings: [{ rule: 'short_notice' }] }
  })
})

t.test('an event carries 50 changes at most, and counts all', async (t) => {
  const many = (count: number) =>
    documentOf([
      requirement('a', [address('9.0.0.1'), ...Array.from({ length: count }, (_, index) => address(`9.0.1.${index}`))])
    ])
  const head = headOf(first)
  const [fifty] = publishOn(head, { document: many(50) }).events
  t.same([fifty?.changes.length, fifty?.truncated, fifty?.counts.added], [50, false, 50])
  const { events, changes } = publishOn(head, { document: many(51) })
  const [more] = events
  t.same([more?.changes.length, more?.truncated, more?.counts.added], [50, true, 51])
  t.same(more?.changes, changes.slice(0, 50))
  t.equal(changes.length, 51, 'the answer to the publisher has them all')
})

t.test('a revision knows when the clock alone will change it', async (t) => {
  const document = documentOf([
    requirement('a', [address('9.0.0.1', { until: '2021-01-01' }), address('9.0.0.2', { from: '2020-07-01' })]),
    requirement('b', [address('9.0.0.3', { until: '2021-01-01' }), address('9.0.0.4')])
  ])
  t.same(publishOn(undefined, { document }).revision.transitions, [at('2020-07-01'), at('2021-01-01')])
})

t.test('the first catalogue passes without an override: 8 rows come, 12 change, 6 mirrors will retire', async (t) => {
  const id = 'clearswift-exchange-gateway-4.8'
  const manuscript = (name: string) => ({
    bytes: readFileSync(new URL(`../../../catalogues/${id}/${name}`, import.meta.url)),
    notation: 'yaml' as const,
    id
  })
  const before = decide(undefined, manuscript('1-pre-2.3.yaml'), contextOf({ noticeDays: 30 }))
  const { revision } = published(before.decision)
  t.same(revision.overrides, [])
  t.equal(revision.publishedAt, at('2018-09-01'))
  const document = before.document ?? documentOf([])
  const {
    revision: next,
    changes,
    events
  } = published(decide({ revision, document }, manuscript('2-2.3.yaml'), contextOf({ noticeDays: 30 })).decision)
  t.same(next.counts, { added: 8, removed: 0, changed: 12 })
  t.same(countChanges(changes), next.counts)
  t.same(next.transitions, [at('2018-10-01'), at('2018-11-22')])
  t.same(events[0]?.counts, next.counts)
  t.same(
    new Set(changes.map(({ op, requirement, impact }) => `${op} ${requirement} ${impact}`)),
    new Set([
      'added kaspersky-av-updates opens',
      'changed kaspersky-av-updates announces',
      'added sophos-av-updates opens',
      'changed sophos-av-updates announces'
    ])
  )
})

t.test('a publish first tells what the clock had to tell of the head', async (t) => {
  const ending = documentOf([requirement('a', [address('9.0.0.1', { until: '2020-05-01' }), address('9.0.0.2')])])
  const head = headOf(ending, { now: at('2020-04-01') })
  const due = dueBy(head.revision, now, [30, 7, 1]).map((each, index) => ({ ...each, eventId: `evt_due_${index}` }))
  const { events, revision } = publishOn(head, { document: second }, { due, overrides: ['unannounced_removal'] })
  t.match(events, [
    { id: 'evt_due_0', type: 'catalogue.transitioned', effectiveAt: at('2020-05-01'), revision: { number: 1 } },
    { id: 'evt_1', type: 'catalogue.revision_published', revision: { number: 2 } }
  ])
  t.equal(events[0]?.lateByMs, now - at('2020-05-01'))
  t.equal(events.length, 2)
  t.equal(revision.publishedAt, now)
})

t.test('nothing is published before a transition that was told', async (t) => {
  const ending = documentOf([requirement('a', [address('9.0.0.1', { until: '2020-05-01' }), address('9.0.0.2')])])
  const head = headOf(ending, { now: at('2020-04-01') })
  const publishedAt = at('2020-05-01')
  t.ok(publishOn(head, { document: ending2, publishedAt }))
  t.throws(() => publish(head, { document: ending2, publishedAt: publishedAt - 1 }, contextOf()), {
    code: 'invalid_document',
    faults: [{ pointer: '/edition/publishedAt', code: 'published_before_transition' }]
  })
  const backfilled = headOf(ending, { publishedAt: at('2020-04-01'), now })
  t.ok(publishOn(backfilled, { document: ending2, publishedAt: at('2020-04-02') }), 'what was backfilled was not told')
})
const ending2 = documentOf(
  [requirement('a', [address('9.0.0.1', { until: '2020-05-01' }), address('9.0.0.2'), address('9.0.0.3')])],
  edition('2')
)
