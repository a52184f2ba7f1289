import t from 'tap'
import { readCursor, writeCursor } from '../../../src/domain/read/cursor.ts'
import { fc } from '../../support/scale.ts'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const valid = { query: 'q', point: 3, instant: 0, offset: 50 }

t.test('what was written is read, and fits in a URL', async () => {
  const cursor = fc.record({
    query: fc.string({ unit: 'binary' }),
    point: fc.maxSafeNat(),
    instant: fc.integer({ min: Date.parse('0001-01-01'), max: Date.parse('9999-12-31T23:59:59.999Z') }),
    offset: fc.maxSafeNat()
  })
  fc.assert(
    fc.property(cursor, (value) => {
      const text = writeCursor(value)
      return /^[\w-]+$/.test(text) && JSON.stringify(readCursor(text)) === JSON.stringify(value)
    })
  )
})

t.test('what was not written here is refused', async (t) => {
  const made = {
    'an empty text': '',
    'no base64': '%%%',
    'no JSON': Buffer.from('{').toString('base64url'),
    'no list': encode({}),
    'a list of something else': encode(['a', 'b', 'c', 'd', 'e']),
    'another version': encode([2, 'q', 3, 0, 50]),
    'a member less': encode([1, 'q', 3, 0]),
    'a member more': encode([1, 'q', 3, 0, 50, 0]),
    'a query that is no text': encode([1, 7, 3, 0, 50]),
    'a negative point': encode([1, 'q', -1, 0, 50]),
    'a negative offset': encode([1, 'q', 3, 0, -1]),
    'half an offset': encode([1, 'q', 3, 0, 0.5]),
    'an offset that is a text': encode([1, 'q', 3, 0, '50']),
    'an instant that is a text': encode([1, 'q', 3, '0', 50]),
    'an instant beyond the calendar': encode([1, 'q', 3, 9e15, 50]),
    'an instant after the year 9999': encode([1, 'q', 3, Date.UTC(10000), 50]),
    'an instant before the year 1': encode([1, 'q', 3, Date.parse('0001-01-01') - 1, 50])
  }
  t.same(readCursor(encode([1, 'q', 3, 0, 50])), valid, 'the others are like this one')
  for (const [name, text] of Object.entries(made)) t.equal(readCursor(text), undefined, name)
})

t.test('no text makes it throw', async () => {
  const almost = fc.json().map((text) => Buffer.from(text).toString('base64url'))
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), almost), (text) => {
      const read = readCursor(text)
      return read === undefined || JSON.stringify(readCursor(writeCursor(read))) === JSON.stringify(read)
    })
  )
})
