import t from 'tap'
import { diff } from '../../../src/domain/change/diff.ts'
import {
  clockEvent,
  type Due,
  dueBy,
  nextDue,
  type Scheduled,
  transitionChanges
} from '../../../src/domain/event/transition.ts'
import { toRows } from '../../../src/domain/history/rows.ts'
import { dayMs } from '../../../src/domain/time/duration.ts'
import type { Instant } from '../../../src/domain/time/instant.ts'
import { fc, runs } from '../../support/scale.ts'
import { arbitraryDocument, grid } from '../document/support/arbitrary-document.ts'
import { address, at, documentOf, requirement, revisionOf } from '../document/support/sample.ts'

const days = [30, 7, 1]
const head = (transitions: readonly string[], recordedAt: string): Scheduled => ({
  catalogue: 'gateway',
  recordedAt: at(recordedAt),
  transitions: transitions.map(at)
})
const shown = (due: readonly Due[]) =>
  due.map(
    ({ type, instant, dueAt }) =>
      `${type.slice(10)} ${(instant - dueAt) / dayMs} ${new Date(instant).toISOString().slice(0, 10)}`
  )

t.test('a transition is due from its very instant on, and only after the revision was recorded', async (t) => {
  const scheduled = head(['2020-03-01'], '2020-01-01')
  const transitions = (now: Instant, by = scheduled) => dueBy(by, now, []).length
  t.equal(transitions(at('2020-03-01') - 1), 0)
  t.equal(transitions(at('2020-03-01')), 1)
  t.equal(transitions(at('2030-01-01')), 1)
  t.equal(
    transitions(at('2030-01-01'), head(['2020-03-01'], '2020-03-01')),
    0,
    'at the instant it is part of the publish'
  )
})

t.test('notices come 30, 7 and 1 days before', async (t) => {
  const scheduled = head(['2018-11-22'], '2018-10-01')
  t.same(shown(dueBy(scheduled, at('2018-10-23') - 1, days)), [])
  t.same(shown(dueBy(scheduled, at('2018-10-23'), days)), ['transition_upcoming 30 2018-11-22'])
  t.same(shown(dueBy(scheduled, at('2018-11-15'), days)), ['transition_upcoming 7 2018-11-22'])
  t.same(
    shown(dueBy(scheduled, at('2018-11-21'), days)),
    ['transition_upcoming 1 2018-11-22'],
    'only the nearest of those missed'
  )
  t.same(shown(dueBy(scheduled, at('2018-11-22'), days)), ['transitioned 0 2018-11-22'], 'none after the instant')
})

t.test('a notice that was due before the revision was recorded is not sent: the publish tells it', async (t) => {
  t.same(shown(dueBy(head(['2018-11-22'], '2018-11-10'), at('2018-11-10'), days)), [])
  t.same(shown(dueBy(head(['2018-11-22'], '2018-11-10'), at('2018-11-15'), days)), ['transition_upcoming 7 2018-11-22'])
  t.same(shown(dueBy(head(['2018-11-22'], '2018-11-21'), at('2018-11-21') + 1, days)), [])
})

t.test('what is due comes in the order in which it came due', async (t) => {
  const scheduled = head(['2020-03-01', '2020-03-02', '2020-03-08', '2020-03-20'], '2020-01-01')
  t.same(shown(dueBy(scheduled, at('2020-03-02'), days)), [
    'transition_upcoming 30 2020-03-20',
    'transitioned 0 2020-03-01',
    'transition_upcoming 7 2020-03-08',
    'transitioned 0 2020-03-02'
  ])
})

const arbitraryScheduled = fc
  .record({
    recordedAt: fc.integer({ min: 0, max: 60 }),
    transitions: fc.uniqueArray(fc.integer({ min: 0, max: 120 }), { maxLength: 8 })
  })
  .map(
    ({ recordedAt, transitions }): Scheduled => ({
      catalogue: 'gateway',
      recordedAt: recordedAt * dayMs,
      transitions: transitions.sort((a, b) => a - b).map((day) => day * dayMs)
    })
  )
const arbitraryDays = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 4 })

/** A teller that looks at these instants, each time telling what is due and not told. */
function tell(scheduled: Scheduled, looks: readonly Instant[], noticeDays: readonly number[]) {
  const told = new Map<string, Due & { readonly toldAt: Instant }>()
  for (const toldAt of looks)
    for (const due of dueBy(scheduled, toldAt, noticeDays))
      if (!told.has(due.once)) told.set(due.once, { ...due, toldAt })
  return [...told.values()]
}

t.test('whenever it looks, a teller tells each transition once, at the first look from its instant on', async () => {
  const arbitraryLooks = fc.array(fc.integer({ min: 0, max: 140 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(arbitraryScheduled, arbitraryDays, arbitraryLooks, (scheduled, noticeDays, looked) => {
      const looks = looked.map((day) => scheduled.recordedAt + day * dayMs).sort((a, b) => a - b)
      const told = tell(scheduled, looks, noticeDays)
      const transitions = told.filter(({ type }) => type === 'catalogue.transitioned')
      const expected = scheduled.transitions.flatMap((instant) => {
        const toldAt = looks.find((look) => look >= instant)
        return instant > scheduled.recordedAt && toldAt !== undefined ? [`${instant} ${toldAt}`] : []
      })
      const notices = told.filter(({ type }) => type !== 'catalogue.transitioned')
      return (
        JSON.stringify(transitions.map(({ instant, toldAt }) => `${instant} ${toldAt}`)) === JSON.stringify(expected) &&
        notices.every(({ instant, dueAt, toldAt }) => {
          const nearer = noticeDays
            .map((each) => instant - each * dayMs)
            .filter((each) => each > dueAt && each <= toldAt)
          return dueAt > scheduled.recordedAt && dueAt <= toldAt && toldAt < instant && nearer.length === 0
        })
      )
    })
  )
})

t.test('a teller that wakes whenever something is due is never late, and misses no notice', async () => {
  fc.assert(
    fc.property(arbitraryScheduled, arbitraryDays, (scheduled, noticeDays) => {
      const looks: Instant[] = []
      for (
        let next = nextDue(scheduled, scheduled.recordedAt, noticeDays);
        next !== undefined;
        next = nextDue(scheduled, next, noticeDays)
      )
        looks.push(next)
      const told = tell(scheduled, looks, noticeDays)
      const expected = scheduled.transitions
        .flatMap((instant) => [0, ...noticeDays].map((each) => ({ instant, dueAt: instant - each * dayMs })))
        .filter(({ dueAt }) => dueAt > scheduled.recordedAt)
      return told.length === expected.length && told.every(({ dueAt, toldAt }) => dueAt === toldAt)
    })
  )
})

t.test(
  'what moves at an instant is the difference of the whole views, and at no other instant anything moves',
  async () => {
    fc.assert(
      fc.property(arbitraryDocument, fc.constantFrom(...grid.map(at)), (document, instant) => {
        const rows = toRows(document)
        const whole = diff({ rows, effectiveAt: instant - 1 }, { rows, effectiveAt: instant }, instant).changes
        const isTransition = revisionOf(document).transitions.includes(instant)
        return (
          JSON.stringify(transitionChanges(rows, instant)) === JSON.stringify(whole) &&
          isTransition === whole.length > 0
        )
      }),
      { numRuns: runs(300) }
    )
  }
)

t.test('an event tells what moves, when, how late, and carries at most 50 changes', async (t) => {
  const ends = Array.from({ length: 60 }, (_, index) => address(`20.0.0.${index}`, { until: '2020-03-01' }))
  const document = documentOf([requirement('a', [...ends, address('20.0.1.1', { from: '2020-03-01' })])])
  const revision = revisionOf(document, { number: 3 })
  const [due] = dueBy(revision, at('2020-03-01'), [])
  if (!due) throw new Error('nothing is due')
  const event = clockEvent({ revision, rows: toRows(document) }, due, { now: at('2020-03-01') + 5, id: 'evt_1' })
  const { changes, ...rest } = event
  t.same(rest, {
    id: 'evt_1',
    type: 'catalogue.transitioned',
    catalogue: 'gateway',
    once: 'transitioned gateway 2020-03-01T00:00:00Z',
    occurredAt: at('2020-03-01') + 5,
    effectiveAt: at('2020-03-01'),
    lateByMs: 5,
    revision: { number: 3, label: '1', digest: 'sha256:00' },
    counts: { added: 0, removed: 60, changed: 1 },
    truncated: true
  })
  t.equal(changes.length, 50)
  t.match(changes[0], { op: 'removed', impact: 'closes', before: { value: '20.0.0.0', status: 'retiring' } })
})
