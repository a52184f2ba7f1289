import t from 'tap'
import { windowInterval, windowView } from '../../../src/domain/export/window.ts'
import { parseDuration } from '../../../src/domain/time/duration.ts'
import { formatInstant } from '../../../src/domain/time/instant.ts'
import { viewAt } from '../../../src/domain/view/view.ts'
import { address, at, documentOf, requirement, revisionOf } from '../document/support/sample.ts'

const day = 86_400_000
const document = documentOf([
  requirement('mirrors', [
    address('192.0.2.1'),
    address('192.0.2.2', { until: '2026-03-10' }),
    address('192.0.2.3', { from: '2026-03-20' })
  ])
])

function statuses(instant: string, lead: number, lag: number): readonly string[] {
  const window = { lead: lead * day, lag: lag * day }
  const interval = windowInterval(document, at(instant), window)
  const view = windowView(viewAt(document, revisionOf(document), at(instant)), at(instant), interval, window)
  return view.requirements.flatMap(({ endpoints }) => endpoints.map(({ status }) => status))
}

t.test('days and hours are read, and nothing else', async (t) => {
  const hours = (text: string) => {
    const parsed = parseDuration(text)
    return 'fault' in parsed ? undefined : parsed.millis / 3_600_000
  }
  t.equal(hours('P7D'), 168)
  t.equal(hours('PT12H'), 12)
  t.equal(hours('P1DT6H'), 30)
  t.equal(hours('P0D'), 0)
  for (const text of [
    '',
    'P',
    'PT',
    'P1',
    '7D',
    'P1M',
    'P1Y',
    'P1W',
    'PT30M',
    'P-1D',
    'P1.5D',
    'p1d',
    'P1DT',
    'P9999D',
    'P1D ',
    '1'
  ])
    t.equal(hours(text), undefined, text)
})

t.test('without a window it is the view itself', async (t) => {
  t.strictSame(statuses('2026-03-09T23:59:59Z', 0, 0), ['active', 'retiring', 'planned'])
  t.strictSame(statuses('2026-03-10', 0, 0), ['active', 'retired', 'planned'])
  t.strictSame(statuses('2026-03-20', 0, 0), ['active', 'retired', 'active'])
})

t.test('with a lead what is planned is there earlier, to the second', async (t) => {
  t.strictSame(statuses('2026-03-12T23:59:59Z', 7, 0), ['active', 'retired', 'planned'])
  t.strictSame(statuses('2026-03-13', 7, 0), ['active', 'retired', 'active'])
})

t.test('with a lag what retired is there longer, to the second', async (t) => {
  t.strictSame(statuses('2026-03-10T23:59:59Z', 0, 1), ['active', 'retiring', 'planned'])
  t.strictSame(statuses('2026-03-11', 0, 1), ['active', 'retired', 'planned'])
})

t.test('the window moves the transitions, and the announced instants stay as they are', async (t) => {
  const window = { lead: 7 * day, lag: day }
  const interval = windowInterval(document, at('2026-03-10T12:00:00Z'), window)
  t.equal(interval.validFrom, undefined)
  t.equal(formatInstant(interval.validUntil ?? 0), '2026-03-11T00:00:00Z')
  const view = windowView(
    viewAt(document, revisionOf(document), at('2026-03-12')),
    at('2026-03-12'),
    windowInterval(document, at('2026-03-12'), window),
    window
  )
  t.equal(view.validFrom, '2026-03-11T00:00:00Z')
  t.equal(view.validUntil, '2026-03-13T00:00:00Z')
  t.strictSame(
    view.requirements[0]?.endpoints.map(({ from, until }) => [from, until]),
    [
      [undefined, undefined],
      [undefined, '2026-03-10T00:00:00Z'],
      ['2026-03-20T00:00:00Z', undefined]
    ]
  )
})

t.test('a window that leads out of the calendar stops at its edge', async (t) => {
  const edges = documentOf([
    requirement('edges', [address('192.0.2.1', { from: '0001-01-01' }), address('192.0.2.2', { until: '9999-12-31' })])
  ])
  const window = { lead: 3660 * day, lag: 3660 * day }
  const interval = windowInterval(edges, at('2026-01-01'), window)
  t.equal(formatInstant(interval.validFrom ?? 0), '0001-01-01T00:00:00Z')
  t.equal(formatInstant(interval.validUntil ?? 0), '9999-12-31T23:59:59.999Z')
})
