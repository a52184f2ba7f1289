import t from 'tap'
import { canonicalJson } from '../../../src/domain/json/canonical-json.ts'
import { fc } from '../../support/scale.ts'
import { arbitraryDocument } from '../document/support/arbitrary-document.ts'

/** RFC 8785 in its plainest form: sort a copy all the way down, then let JSON.stringify write it. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)])
  )
}

t.test('documents are written as an independent implementation writes them', async () => {
  fc.assert(fc.property(arbitraryDocument, (document) => canonicalJson(document) === JSON.stringify(sorted(document))))
})

t.test('the text is JSON for the same value, whatever the order of members', async () => {
  // Names like array indices are left out: no object can have them in another order.
  const name = fc.string({ unit: 'binary' }).filter((text) => !/^\d+$/.test(text) && text !== '__proto__')
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: 'binary' }),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(name, tie('tree'), { maxKeys: 4 })
    )
  }))
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, member]) => [name, turned(member)])
    )
  }
  fc.assert(
    fc.property(tree, (value) => {
      const text = canonicalJson(value)
      return text === canonicalJson(turned(value)) && canonicalJson(JSON.parse(text)) === text
    })
  )
})

t.test('members are sorted by UTF-16 code unit (RFC 8785, section 3.2.3)', async (t) => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis'
  }
  t.same(Object.values(JSON.parse(canonicalJson(value))).sort(), Object.values(value).sort())
  t.same(
    [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map(([, name]) => name),
    [
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh'
    ]
  )
})

t.test('texts, numbers and literals are written as RFC 8785, section 3.2.2, asks', async (t) => {
  t.equal(
    canonicalJson({
      literals: [null, true, false],
      string: '\u20ac$\u000f\nA\'B"\\\\"/',
      numbers: [0, -1, 65535, 2 ** 53 - 1]
    }),
    '{"literals":[null,true,false],"numbers":[0,-1,65535,9007199254740991],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
  )
  t.equal(canonicalJson([]), '[]')
  t.equal(canonicalJson({}), '{}')
})

t.test('an absent member and an undefined one are the same', async (t) => {
  t.equal(canonicalJson({ b: undefined, a: 1, c: [{ d: undefined }] }), '{"a":1,"c":[{}]}')
})
