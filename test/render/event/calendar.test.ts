import ICAL from 'ical.js'
import t from 'tap'
import { countChanges } from '../../../src/domain/change/change.ts'
import { transitionChanges } from '../../../src/domain/event/transition.ts'
import { toRows } from '../../../src/domain/history/rows.ts'
import { cleanText } from '../../../src/domain/text.ts'
import { announcerOf, type CalendarEntry, calendarText } from '../../../src/render/event/calendar.ts'
import { address, at, documentOf, requirement, revisionOf } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'

const base = 'https://portolan.example'

function entry(product: string, endpoints: Parameters<typeof requirement>[1], instant: number): CalendarEntry {
  const document = documentOf([requirement('mail', endpoints)])
  const changes = transitionChanges(toRows(document), instant)
  const by = announcerOf(revisionOf(document, { number: 3 }))
  return { product, by, instant, counts: countChanges(changes), changes }
}

/** As a calendar program reads it. */
function read(text: string) {
  const component = new ICAL.Component(ICAL.parse(text))
  return {
    // A text, which this reader does not know as one.
    name: String(component.getFirstPropertyValue('name')).replaceAll(/\\([\\;,])/g, '$1'),
    events: component.getAllSubcomponents('vevent').map((each) => new ICAL.Event(each))
  }
}

t.test('a transition is an event without a length, at its instant', async (t) => {
  const ends = [address('20.0.0.1', { until: '2018-11-22' }), address('20.0.0.2', { from: '2018-11-22' })]
  const { name, events } = read(calendarText('Mail, "new"; all', [entry('Gateway', ends, at('2018-11-22'))], base))
  t.equal(name, 'Mail, "new"; all')
  const [event] = events
  t.match(event, {
    uid: '2018-11-22T00:00:00Z.gateway@portolan',
    sequence: 3,
    summary: 'Gateway: 1 endpoint becomes active, 1 endpoint retires',
    description: 'mail: address 20.0.0.1 retires (closes)\nmail: address 20.0.0.2 becomes active (opens)'
  })
  t.equal(event?.startDate.toJSDate().toISOString(), '2018-11-22T00:00:00.000Z')
  t.equal(event?.endDate.toString(), event?.startDate.toString())
  t.equal(
    event?.component.getFirstPropertyValue('url'),
    `${base}/v1/catalogues/gateway?asOf=3&effectiveAt=2018-11-22T00:00:00Z`
  )
  t.strictSame(
    event?.component.getAllSubcomponents('valarm').map((alarm) => String(alarm.getFirstPropertyValue('trigger'))),
    ['-P30D', '-P7D', '-P1D'],
    'a reminder 30, 7 and 1 days before'
  )
  t.equal(event?.component.getFirstPropertyValue('dtstamp')?.toString(), '2020-01-01T00:00:00Z')
})

t.test('whatever a title says, a calendar reads it as it is, from lines of at most 75 octets', async () => {
  const titles = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
    .filter((text) => 'text' in cleanText(text, 'one'))
  const only = entry('', [address('20.0.0.1', { until: '2018-11-22' })], at('2018-11-22'))
  fc.assert(
    fc.property(titles, titles, (name, title) => {
      const text = calendarText(name, [{ ...only, product: title }], base)
      const found = read(text)
      return (
        found.name === name &&
        found.events[0]?.summary === `${title}: 1 endpoint retires` &&
        text.endsWith('\r\n') &&
        text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75 && !/[\r\n]/.test(line))
      )
    }),
    { numRuns: runs(500) }
  )
})

t.test('a calendar without events is one', async (t) => {
  const empty = calendarText('Empty', [], base)
  t.same(read(empty).events, [])
  t.match(empty, /\r\nBEGIN:VTIMEZONE\r\nTZID:UTC\r\n/, 'it has a component, as a calendar must')
  t.match(empty, /\r\nX-PUBLISHED-TTL:PT1H\r\n/, 'the field that Outlook reads')
})
