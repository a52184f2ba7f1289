import t from 'tap'
import { isTimeZone, parseAuthoredTime } from '../../../src/domain/time/authored-time.ts'
import { fc } from '../../support/scale.ts'

const at = (text: string, timeZone = 'UTC') => {
  const moment = parseAuthoredTime(text, timeZone)
  return 'fault' in moment ? moment.fault : new Date(moment.instant).toISOString()
}

t.test('an instant keeps its own offset, whatever the time zone', async (t) => {
  t.equal(at('2018-11-22T09:00:00+01:00', 'America/New_York'), '2018-11-22T08:00:00.000Z')
})

t.test('a bare date or month is its first instant in the time zone', async (t) => {
  t.equal(at('2018-11-22'), '2018-11-22T00:00:00.000Z')
  t.equal(at('2018-11'), '2018-11-01T00:00:00.000Z')
  t.equal(at('2018-07-01', 'Europe/London'), '2018-06-30T23:00:00.000Z')
  t.equal(at('2018-11-22', 'Asia/Kolkata'), '2018-11-21T18:30:00.000Z')
})

t.test('a day whose midnight the clocks skip begins later', async (t) => {
  t.equal(at('2018-11-04', 'America/Sao_Paulo'), '2018-11-04T03:00:00.000Z')
  t.equal(at('2022-09-11', 'America/Santiago'), '2022-09-11T04:00:00.000Z')
})

t.test('a day with two midnights begins with the first', async (t) => {
  t.equal(at('2018-11-04', 'America/Havana'), '2018-11-04T04:00:00.000Z')
  t.equal(at('2006-10-29', 'America/St_Johns'), '2006-10-29T02:30:00.000Z')
})

t.test('a day that a time zone skipped is a fault', async (t) => {
  t.match(at('2011-12-30', 'Pacific/Apia'), /skipped/)
  t.equal(at('2011-12-31', 'Pacific/Apia'), '2011-12-30T10:00:00.000Z')
})

t.test('what is no moment says what would be right', async (t) => {
  const faults: readonly (readonly [string, RegExp])[] = [
    ['2018-11-22T09:00:00', /local time/],
    ['2018-11-22 09:00', /local time/],
    ['2018-11-22T09:00:00.0001Z', /finer than a millisecond/],
    ['2018-02-30', /does not exist in the calendar/],
    ['2018-13', /does not exist in the calendar/],
    ['0000-01-01', /does not exist/],
    ['2018', /a month, such as 2018-11/],
    ['22/11/18', /RFC 3339/],
    ['2018-11-22Z', /RFC 3339/],
    ['', /RFC 3339/]
  ]
  for (const [text, fault] of faults) t.match(at(text, 'Europe/London'), fault, text)
  t.match(at('0001-01-01', 'Asia/Tokyo'), /years 0001 to 9999/)
})

t.test('a time zone has the spelling of IANA', async (t) => {
  for (const zone of ['UTC', 'Europe/London', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'Asia/Calcutta'])
    t.equal(isTimeZone(zone), true, zone)
  for (const zone of ['utc', 'europe/london', '+01:00', 'Z', 'Mars/Phobos', '', 'constructor', 'Europe/', 'UTC '])
    t.equal(isTimeZone(zone), false, zone)
})

t.test('a bare date begins where the day before it ends', async () => {
  const zones = ['UTC', 'Europe/London', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Africa/Cairo']
  const day = fc.date({ min: new Date('1975-01-02'), max: new Date('2035-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(day, fc.constantFrom(...zones), (date, timeZone) => {
      const written = date.toISOString().slice(0, 10)
      const moment = parseAuthoredTime(written, timeZone)
      if ('fault' in moment) return false
      const shown = (instant: number) =>
        new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
          instant
        )
      return shown(moment.instant) === written && shown(moment.instant - 1) < written
    })
  )
})
