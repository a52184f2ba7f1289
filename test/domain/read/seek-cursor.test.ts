import t from 'tap'
import { readSeekCursor, writeSeekCursor } from '../../../src/domain/read/seek-cursor.ts'
import { fc } from '../../support/scale.ts'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

t.test('what was written is read, and fits in a URL', async () => {
  const cursor = fc.oneof(
    fc.record({ query: fc.string({ unit: 'binary' }), seen: fc.maxSafeNat() }),
    fc.record({ query: fc.string({ unit: 'binary' }), seen: fc.maxSafeNat(), upTo: fc.maxSafeNat() })
  )
  fc.assert(
    fc.property(cursor, (value) => {
      const text = writeSeekCursor(value)
      return /^[\w-]+$/.test(text) && JSON.stringify(readSeekCursor(text)) === JSON.stringify(value)
    })
  )
})

t.test('what was not written here is refused', async (t) => {
  const made = {
    'an empty text': '',
    'no base64': '%%%',
    'no list': encode({}),
    'a cursor of a run that a clock holds': encode([1, 'q', 3, 0, 50]),
    'another version': encode([1, 'q', 3]),
    'a member less': encode([2, 'q']),
    'a member more': encode([2, 'q', 3, 4, 5]),
    'a query that is no text': encode([2, 7, 3]),
    'a negative position': encode([2, 'q', -1]),
    'half a position': encode([2, 'q', 0.5]),
    'a position that is a text': encode([2, 'q', '3']),
    'an end that is null': encode([2, 'q', 3, null])
  }
  t.same(readSeekCursor(encode([2, 'q', 3, 9])), { query: 'q', seen: 3, upTo: 9 }, 'the others are like this one')
  for (const [name, text] of Object.entries(made)) t.equal(readSeekCursor(text), undefined, name)
})

t.test('no text makes it throw', async () => {
  const almost = fc.json().map((text) => Buffer.from(text).toString('base64url'))
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), almost), (text) => {
      const read = readSeekCursor(text)
      return read === undefined || JSON.stringify(readSeekCursor(writeSeekCursor(read))) === JSON.stringify(read)
    })
  )
})
