import t from 'tap'
import { stringify } from 'yaml'
import { parseYaml } from '../../../src/domain/json/yaml.ts'
import { fc, runs } from '../../support/scale.ts'

/** What is read, without where it stands. */
const read = (text: string) => {
  const parsed = parseYaml(new TextEncoder().encode(text))
  return 'fault' in parsed ? { fault: parsed.fault } : { value: parsed.value }
}

t.test('plain data is read by the core schema of YAML 1.2', async (t) => {
  const text = [
    'a: 1',
    'b: [x, "y"]',
    'c: 2018-10-01',
    'd: 2.3',
    'e: ~',
    'f: true',
    'g: yes',
    'h: |',
    '  &x',
    '  !y',
    ''
  ].join('\n')
  t.same(read(text), {
    value: { a: 1, b: ['x', 'y'], c: '2018-10-01', d: 2.3, e: null, f: true, g: 'yes', h: '&x\n!y\n' }
  })
  t.same(read('a: 1\r\nb: x\r\n'), { value: { a: 1, b: 'x' } })
  t.same(read('a: "&x *y !z"\nb: x &y'), { value: { a: '&x *y !z', b: 'x &y' } })
  t.same(read(''), { value: null })
})

t.test('one document may have its marks', async (t) => {
  t.same(read('---\na: 1\n...\n'), { value: { a: 1 } })
  t.same(read('%YAML 1.2\n---\na: 1\n'), { value: { a: 1 } })
  t.same(read('# c\n---\n# d\na: 1\n'), { value: { a: 1 } })
})

t.test('what makes YAML more than data is refused with line and column', async (t) => {
  const faults: readonly (readonly [string, RegExp])[] = [
    ['a: &x 1', /line 1, column 4: anchors/],
    ['a: 1\nb: *x', /line 2, column 4: anchors/],
    ['&a : 1', /anchors/],
    ['a: &a [*a]', /anchors/],
    ['a: !!str 1', /line 1, column 4: tags/],
    ['a: !!js/function "x"', /tags/],
    ['a: !foo 1', /tags/],
    ['a: ! 1', /tags/],
    ['! a: 1', /tags/],
    ['!<tag:yaml.org,2002:str> a', /tags/],
    ['a:\n  <<: {b: 1}', /line 2, column 3: merge keys/],
    ['a: 1\n---\nb: 2', /line 2, column 1: a second document/],
    ['a: 1\n...\nb: 2', /a second document/],
    ['---\n---\n', /a second document/],
    ['%YAML 1.1\n---\na: 1', /line 1, column 1: no directive/],
    ['%TAG ! tag:example.net,2000:\n---\na: 1', /no directive/],
    ['%FOO bar\n---\na: 1', /no directive/]
  ]
  for (const [text, fault] of faults) t.match(read(text), { fault }, JSON.stringify(text))
})

t.test('keys are texts, and stand once', async (t) => {
  for (const text of ['1: a', '2.3: a', 'null: a', '~: a', 'true: a', ': a', '? [a]\n: 1', '{[a]: 1}', '? {a: 1}\n: 1'])
    t.match(read(text), { fault: /a key must be a text/ }, text)
  t.match(read('a: 1\nb: 2\na: 3'), { fault: /line 3, column 1: the key "a" stands twice/ })
  t.match(read('a:\n  - {b: 1, "b": 2}'), { fault: /line 2, column 12: the key "b" stands twice/ })
  t.match(read('a: {__proto__: 1}'), { fault: /"__proto__" is not allowed/ })
  t.same(read('"1": a\n"<<": b'), { value: { 1: 'a', '<<': 'b' } })
})

t.test('numbers are finite, and texts are whole', async (t) => {
  for (const text of ['.inf', '-.inf', '+.INF', '.nan', '.NaN', '1e999'])
    t.match(read(`a: ${text}`), { fault: /line 1, column 4: infinity/ }, text)
  t.match(read('a: "\\ud800"'), { fault: /lone surrogate/ })
  t.match(read('"\\udc00": 1'), { fault: /lone surrogate/ })
  t.same(read('a: "\\ud83d\\ude00"'), { value: { a: '😀' } })
})

t.test('broken YAML is refused with line and column', async (t) => {
  const faults: readonly (readonly [string, RegExp])[] = [
    ['a: [1, 2', /line 1, column 9/],
    ['a: "x', /line 1, column 6/],
    ['a:\n\tb: 1', /line 2, column 1/],
    ['- a\nb: 1', /line 2, column 1/],
    ['a: b: c', /line 1, column 4/],
    ['a: @x', /line 1, column 4/],
    ['[1,,2]', /line 1, column 4: a comma follows a comma/]
  ]
  for (const [text, fault] of faults) t.match(read(text), { fault }, JSON.stringify(text))
})

t.test('it nests 100 levels and no deeper, however deep the text goes', async (t) => {
  t.ok('value' in read('['.repeat(100) + ']'.repeat(100)))
  t.match(read('['.repeat(101) + ']'.repeat(101)), { fault: /deeper than 100 levels/ })
  const size = 1_000_000
  const block = Array.from({ length: 1500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')
  for (const text of [
    '['.repeat(size),
    '{'.repeat(size),
    '- '.repeat(size),
    '? '.repeat(size),
    'a: '.repeat(size),
    block
  ])
    t.match(read(text), { fault: /deeper|Nested/ }, text.slice(0, 10))
})

t.test('only UTF-8 is read, and a byte order mark is left out', async (t) => {
  t.match(parseYaml(Uint8Array.of(0x61, 0x3a, 0x20, 0xff)), { fault: /UTF-8/ })
  t.match(read('\ufeffa: 1'), { value: { a: 1 } })
})

t.test('what JSON can say comes back as it was', async () => {
  // -0 is written 0.
  const data = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)))
  fc.assert(
    fc.property(data, (value) => {
      const text = stringify(value, { aliasDuplicateObjects: false })
      const parsed = read(text)
      if ('fault' in parsed) return /__proto__|deeper/.test(parsed.fault)
      return JSON.stringify(parsed.value) === JSON.stringify(value)
    })
  )
})

t.test('no text makes it throw', async () => {
  const piece = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '&x',
    '*x',
    '!t',
    '"',
    "'",
    '|',
    '>',
    '#',
    '? ',
    '%',
    '---',
    '...',
    '\t',
    '<<',
    '1',
    '~'
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))
  )
  fc.assert(
    fc.property(text, (written) => {
      const parsed = read(written)
      return 'value' in parsed || parsed.fault.length > 0
    }),
    { numRuns: runs(5000) }
  )
})

t.test('reading ends at the first fault, however many follow', async (t) => {
  const texts = [
    '"'.repeat(60_000),
    ','.repeat(30_000),
    ']'.repeat(60_000),
    '"a" '.repeat(20_000),
    `"${'\\x'.repeat(50_000)}"`
  ]
  for (const text of texts) {
    const [short, long] = [read(text.slice(0, 8)), read(text)]
    t.match(long, { fault: /line 1, column/ }, JSON.stringify(text.slice(0, 8)))
    t.ok(JSON.stringify(long).length < 100 + JSON.stringify(short).length)
  }
})
