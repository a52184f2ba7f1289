import t from 'tap'
import { parseJson } from '../../../src/domain/json/json.ts'
import { fc, runs } from '../../support/scale.ts'

/** What is read, without where it stands. */
const read = (text: string) => {
  const parsed = parseJson(new TextEncoder().encode(text))
  return 'fault' in parsed ? { fault: parsed.fault } : { value: parsed.value }
}
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

t.test('JSON is read as JSON.parse reads it', async (t) => {
  const texts = [
    '{}',
    ' [1, -2.5e3, true, false, null, "a\\n\\u00e9"] ',
    '"\\ud83d\\ude00"',
    '{"a":{"b":[]}}',
    '0',
    '""',
    '\t\r\n1'
  ]
  for (const text of texts) t.same(read(text), { value: JSON.parse(text) }, text)
})

t.test('what JSON is not is refused with line and column', async (t) => {
  const faults: readonly (readonly [string, RegExp])[] = [
    ['', /line 1, column 1: it ends where a value/],
    ['  \n ', /line 2, column 2: it ends/],
    ['[1,2', /line 1, column 5: expected a comma or \]/],
    ['[1,]', /line 1, column 4: expected a value/],
    ['[\n\n  1 2]', /line 3, column 5: expected a comma/],
    ['{"a" 1}', /column 6: expected a colon/],
    ['{"a":1,}', /column 8: expected a key/],
    ['{"a":1 "b":2}', /column 8: expected a comma or }/],
    ['{a:1}', /column 2: expected a key/],
    ["{'a':1}", /column 2: expected a key/],
    ['nul', /column 1: expected a value/],
    ['NaN', /column 1: expected a value/],
    ['Infinity', /column 1: expected a value/],
    ['01', /column 2: expected the end/],
    ['-', /column 1: expected a value/],
    ['1.', /column 2: expected the end/],
    ['.5', /column 1: expected a value/],
    ['+1', /column 1: expected a value/],
    ['[1] x', /column 5: expected the end/],
    ['{} {}', /column 4: expected the end/],
    ['// c\n1', /column 1: expected a value/],
    ['"abc', /column 1: the text that begins here does not end/],
    ['"a\nb"', /column 3: a control character/],
    ['"a\0b"', /column 3: a control character/],
    ['"\\x"', /column 2: there is no such escape/],
    ['"\\', /column 2: there is no such escape/],
    ['"\\u12g4"', /column 2: \\u needs four/],
    ['\u00a01', /column 1: expected a value/]
  ]
  for (const [text, fault] of faults) t.match(read(text), { fault }, JSON.stringify(text))
})

t.test('a key that stands twice is refused, with its object', async (t) => {
  t.match(read('{"a":1,"a":2}'), { fault: /column 8: the key "a" stands twice in the object at ""$/ })
  t.match(read('{"x":[{},{"ip":"10.0.0.1","ip":"0.0.0.0/0"}]}'), {
    fault: /"ip" stands twice in the object at "\/x\/1"/
  })
  t.match(read('{"a":1,"\\u0061":2}'), { fault: /"a" stands twice/ })
  t.match(read('{"a/b~":{"c":1,"c":2}}'), { fault: /at "\/a~1b~0"/ })
  t.match(read('{"":1,"":2}'), { fault: /"" stands twice/ })
  t.same(read('{"a":{"a":{"a":1}},"b":{"a":1}}'), { value: { a: { a: { a: 1 } }, b: { a: 1 } } })
})

t.test('a key in a fault is written so that it cannot mislead', async (t) => {
  t.match(read('{"\u202ea":1,"\u202ea":2}'), { fault: /the key "\\u202ea" stands twice/ })
})

t.test('__proto__ is refused, however it is written', async (t) => {
  t.match(read('{"__proto__":1}'), { fault: /"__proto__" is not allowed/ })
  t.match(read('{"a":[{"__proto\\u005f_":{}}]}'), { fault: /"__proto__" is not allowed/ })
})

t.test('lone surrogates are refused in values and keys', async (t) => {
  for (const text of [
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\ud800a"',
    '"\\ud800\\n"',
    '"\\ud83d\\ud83d\\ude00"',
    '{"\\udc00":1}'
  ])
    t.match(read(text), { fault: /lone surrogate/ }, text)
})

t.test('a number that overflows is refused', async (t) => {
  for (const text of ['1e999', '-1e999', '[1, 2, 1e400]', '9'.repeat(400)])
    t.match(read(text), { fault: /too large/ }, text)
  t.same(read('1e-999'), { value: 0 })
})

t.test('it nests 100 levels and no deeper, however deep the text goes', async (t) => {
  t.ok('value' in read(nested(100)))
  t.match(read(nested(101)), { fault: /column 101: it nests deeper than 100 levels/ })
  t.match(read('['.repeat(5_000_000)), { fault: /deeper/ })
  t.match(read('{"a":'.repeat(1_000_000)), { fault: /deeper/ })
})

t.test('only UTF-8 is read, and a byte order mark is left out', async (t) => {
  t.match(parseJson(Uint8Array.of(0x22, 0xff, 0x22)), { fault: /UTF-8/ })
  t.match(parseJson(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)), { fault: /UTF-8/ })
  t.match(parseJson(Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0)), { fault: /UTF-8/ })
  t.match(read('\ufeff{}'), { value: {} })
})

t.test('it takes no text that JSON.parse refuses, and agrees on the value', async () => {
  const json = fc.json()
  const broken = fc
    .tuple(json, fc.nat(), fc.constantFrom('', '"', ',', '}', ']', '\\', '0', 'e', ' '))
    // By character, for half a character is no UTF-8.
    .map(([text, at, character]) => [...text].toSpliced(at % (text.length + 1), 1, character).join(''))
  fc.assert(
    fc.property(fc.oneof(json, broken), (text) => {
      const parsed = read(text)
      let expected: unknown
      try {
        expected = JSON.parse(text)
      } catch {
        return 'fault' in parsed && / line \d+, column \d+: /.test(parsed.fault)
      }
      const refused = 'fault' in parsed && /twice|__proto__|surrogate|too large|deeper/.test(parsed.fault)
      return refused || ('value' in parsed && JSON.stringify(parsed.value) === JSON.stringify(expected))
    }),
    { numRuns: runs(5000) }
  )
})

t.test('a text that is small and dear to keep is refused early', async (t) => {
  const values = `[${'{},'.repeat(4_000_001)}{}]`
  t.match(parseJson(Buffer.from(values)), { fault: /more than 4000000 values/ })
  const members = `{${Array.from({ length: 10_002 }, (_, index) => `"k${index}":1`).join(',')}}`
  t.match(parseJson(Buffer.from(members)), { fault: /more than 10000 members/ })
})
