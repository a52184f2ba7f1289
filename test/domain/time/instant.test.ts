import t from 'tap'
import { formatInstant, parseInstant, readInstant } from '../../../src/domain/time/instant.ts'
import { fc, runs } from '../../support/scale.ts'

t.test('an instant is read with its offset', async (t) => {
  const noon = Date.UTC(2018, 10, 22, 12)
  for (const text of [
    '2018-11-22T12:00:00Z',
    '2018-11-22t12:00:00z',
    '2018-11-22T13:00:00+01:00',
    '2018-11-22T06:30:00-05:30',
    '2018-11-22T12:00:00.000Z',
    '2018-11-22T12:00:00-00:00'
  ])
    t.same(parseInstant(text), { instant: noon, exact: true }, text)
})

t.test('what is finer than a millisecond is cut off, and that is said', async (t) => {
  t.same(parseInstant('2018-11-22T12:00:00.0019Z'), { instant: Date.UTC(2018, 10, 22, 12) + 1, exact: false })
  t.same(parseInstant('2018-11-22T12:00:00.001000Z'), { instant: Date.UTC(2018, 10, 22, 12) + 1, exact: true })
  t.same(parseInstant('2018-11-22T12:00:00.5Z'), { instant: Date.UTC(2018, 10, 22, 12) + 500, exact: true })
})

t.test('a fault says what would be right', async (t) => {
  const faults: readonly (readonly [string, RegExp])[] = [
    ['2018-11-22', /bare date/],
    ['2018-11', /bare date/],
    ['2018', /bare date/],
    ['2018-11-22T12:00:00', /no offset/],
    ['2018-11-22 12:00', /no offset/],
    ['2018-11-22T12:00:00 01:00', /%2B/],
    ['2018-11-22T12:00:00+24:00', /does not exist/],
    ['2018-02-29T12:00:00Z', /does not exist/],
    ['1900-02-29T12:00:00Z', /does not exist/],
    ['2018-00-10T12:00:00Z', /does not exist/],
    ['2018-13-10T12:00:00Z', /does not exist/],
    ['2018-11-00T12:00:00Z', /does not exist/],
    ['2018-11-22T24:00:00Z', /does not exist/],
    ['2018-11-22T12:60:00Z', /does not exist/],
    ['2016-12-31T23:59:60Z', /leap second/],
    ['0000-12-31T23:59:59Z', /years 0001 to 9999/],
    ['9999-12-31T23:59:59-01:00', /years 0001 to 9999/],
    ['2018-11-22T12:00:00Z ', /RFC 3339/],
    ['２０１８-11-22T12:00:00Z', /RFC 3339/],
    ['', /RFC 3339/],
    ['now', /RFC 3339/]
  ]
  for (const [text, fault] of faults) t.match(parseInstant(text), { fault }, text)
})

t.test('the years 0001 to 9999 are read to their last millisecond', async (t) => {
  t.same(parseInstant('0001-01-01T00:00:00Z'), { instant: -62_135_596_800_000, exact: true })
  t.match(parseInstant('0001-01-01T00:00:00+00:01'), { fault: /years 0001/ })
  t.same(parseInstant('9999-12-31T23:59:59.999Z'), { instant: 253_402_300_799_999, exact: true })
  t.same(parseInstant('0099-06-01T00:00:00Z'), { instant: Date.parse('0099-06-01T00:00:00Z'), exact: true })
})

t.test('a leap day exists in leap years only', async (t) => {
  t.ok('instant' in parseInstant('2000-02-29T00:00:00Z'))
  t.ok('instant' in parseInstant('2024-02-29T00:00:00Z'))
  t.ok('fault' in parseInstant('2100-02-29T00:00:00Z'))
})

t.test('an instant is written in UTC, with a fraction only where there is one', async (t) => {
  t.equal(formatInstant(Date.UTC(2018, 10, 22)), '2018-11-22T00:00:00Z')
  t.equal(formatInstant(Date.UTC(2018, 10, 22) + 50), '2018-11-22T00:00:00.050Z')
  t.equal(formatInstant(-62_135_596_800_000), '0001-01-01T00:00:00Z')
})

t.test('what is written is read again', async () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (instant) => {
      const text = formatInstant(instant)
      const parsed = parseInstant(text)
      return 'instant' in parsed && parsed.instant === instant && parsed.exact && readInstant(text) === instant
    })
  )
})

t.test('it agrees with the date parser of JavaScript', async () => {
  const two = (limit: number) => fc.integer({ min: 0, max: limit }).map((number) => String(number).padStart(2, '0'))
  const text = fc
    .tuple(two(99), two(99), two(13), two(29), two(23), two(59), two(59), fc.constantFrom('Z', '+05:30', '-11:00'))
    .map(([c, y, mo, d, h, mi, s, offset]) => `${c}${y}-${mo}-${d}T${h}:${mi}:${s}${offset}`)
  fc.assert(
    fc.property(text, (written) => {
      const parsed = parseInstant(written)
      // Days that do not exist roll over in JavaScript, and year 0 is a year there.
      return 'fault' in parsed || parsed.instant === Date.parse(written)
    }),
    { numRuns: runs(2000) }
  )
})
