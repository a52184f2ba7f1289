import t from 'tap'
import { stringify } from 'yaml'
import { parseJson } from '../../../src/domain/json/json.ts'
import { pointerTo } from '../../../src/domain/json/pointer.ts'
import { findAll } from '../../../src/domain/json/span.ts'
import { parseYaml } from '../../../src/domain/json/yaml.ts'
import { fc, runs } from '../../support/scale.ts'

const notations = [
  { name: 'JSON', parse: parseJson, write: (value: unknown, indent: number) => JSON.stringify(value, null, indent) },
  {
    name: 'YAML',
    parse: parseYaml,
    write: (value: unknown, indent: number) => stringify(value, { indent: indent + 1 })
  }
]

function sourceOf(parse: typeof parseJson, text: string) {
  const read = parse(Buffer.from(text))
  if ('fault' in read) throw new Error(read.fault)
  return read.source
}

/** Every value inside a value, by its pointer. */
function allIn(value: unknown, at = ''): readonly (readonly [string, unknown])[] {
  const inner =
    typeof value !== 'object' || value === null
      ? []
      : Object.entries(value).map(([key, item]) => [Array.isArray(value) ? Number(key) : key, item] as const)
  return [[at, value], ...inner.flatMap(([key, item]) => allIn(item, at + pointerTo(key)))]
}

const name = fc.stringMatching(/^[a-z"\\~/{} é]{1,6}$/)
const data = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(tie('value'), { minLength: 1, maxLength: 4 }),
    fc.dictionary(name, tie('value'), { minKeys: 1, maxKeys: 4 })
  )
})).value

for (const { name, parse, write } of notations)
  t.test(`each value in ${name} is found where it stands, and reads the same there`, async () => {
    fc.assert(
      fc.property(data, fc.integer({ min: 1, max: 3 }), (value, indent) => {
        const source = sourceOf(parse, write(value, indent))
        const wanted = allIn(value)
        const find = findAll(
          source,
          wanted.map(([pointer]) => pointer),
          new Set()
        )
        const lines = source.text.split('\n')
        return wanted.every(([pointer, expected]) => {
          const found = find(pointer)
          if (!found?.written) return false
          const { line, column } = found.place
          if (
            !lines
              .slice(line - 1)
              .join('\n')
              .slice(column - 1)
              .startsWith(found.written)
          )
            return false
          // What YAML writes in several lines says something else without its indentation.
          if (name === 'YAML' && found.written.includes('\n')) return true
          const again = parse(Buffer.from(found.written))
          return 'value' in again && JSON.stringify(again.value) === JSON.stringify(expected)
        })
      }),
      { numRuns: runs(200) }
    )
  })

t.test('what is missing is found at what would hold it, and a key where the key is meant', async (t) => {
  const texts = [
    {
      parse: parseYaml,
      text: 'a: 1\nlist:\n  - key: 7.20\n    extra: x\n',
      holder: [3, 5],
      key: [4, 5],
      value: [4, 12]
    },
    {
      parse: parseJson,
      text: '{"a": 1,\n "list":\n [{"key": 7.20,\n  "extra": "x"}]}',
      holder: [3, 3],
      key: [4, 3],
      value: [4, 12]
    }
  ]
  for (const { parse, text, holder, key, value } of texts) {
    const find = (pointer: string, keys: readonly string[] = []) => {
      const found = findAll(sourceOf(parse, text), [pointer], new Set(keys))(pointer)
      return found && [found.place.line, found.place.column]
    }
    t.same(find('/list/0/title'), holder)
    t.same(find('/list/0/title/deep'), holder)
    t.same(find('/list/0/extra'), value)
    t.same(find('/list/0/extra', ['/list/0/extra']), key)
    t.same(find('/none'), [1, 1])
    t.same(find('/list/7'), text.startsWith('a') ? [2, 1] : [2, 2], 'a list is found by its key')
    t.equal(findAll(sourceOf(parse, text), ['/list/0/key'], new Set())('/list/0/key')?.written, '7.20')
  }
})

t.test('a long text and many escapes in what is passed over', async (t) => {
  const source = sourceOf(parseJson, JSON.stringify({ long: '"\\'.repeat(1_000_000), last: 1 }))
  t.equal(findAll(source, ['/last'], new Set())('/last')?.written, '1')
})

t.test('a byte order mark and line ends of Windows move nothing', async (t) => {
  for (const { parse } of notations) {
    const source = sourceOf(parse, '\ufeff{"a":\r\n 1,\r\n "b": 2}\r\n')
    t.same(findAll(source, ['/b'], new Set())('/b'), { place: { line: 3, column: 7 }, written: '2' })
  }
})
