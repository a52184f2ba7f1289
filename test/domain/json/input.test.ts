import t from 'tap'
import Type from 'typebox'
import { readInput } from '../../../src/domain/json/input.ts'
import { nullable } from '../../../src/domain/schema-words.ts'

const schema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 5 }),
    words: Type.Optional(
      Type.Union([Type.Enum(['a', 'b']), Type.Array(Type.Enum(['a', 'b']), { minItems: 1, maxItems: 2 })])
    ),
    note: Type.Optional(nullable(Type.String())),
    entries: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Object({ value: Type.String() }, { additionalProperties: false })]))
    )
  },
  { additionalProperties: false }
)

const faults = (value: unknown) => {
  try {
    readInput(schema, value)
    return []
  } catch (error) {
    const { faults = [] } = error as {
      readonly faults?: readonly { readonly pointer: string; readonly code: string }[]
    }
    return faults.map(({ pointer, code }) => `${pointer} ${code}`)
  }
}

t.test('what fits is read as it is', async (t) => {
  for (const value of [
    { name: 'x' },
    { name: 'x', words: 'a', note: null },
    { name: 'x', words: ['b', 'a'], note: 'text', entries: ['one', { value: 'two' }] }
  ])
    t.equal(readInput(schema, value), value)
})

t.test('every fault is told at once, at the very field, also inside a choice', async (t) => {
  t.strictSame(faults({ name: '', words: 'c', extra: 1 }), ['/name empty', '/words not_one_of', '/extra unknown_field'])
  t.strictSame(faults({ name: 'x', words: ['a', 'c'], note: 1 }), ['/words/1 not_one_of', '/note wrong_type'])
  t.strictSame(faults({ name: 'x', words: [] }), ['/words too_few_items'])
  t.strictSame(faults({ name: 'x', entries: ['one', { val: 'two' }, 3] }), [
    '/entries/1/val unknown_field',
    '/entries/1/value required',
    '/entries/2 wrong_type'
  ])
  t.strictSame(faults({}), ['/name required'])
})

t.test('what is no object at all is one fault at the root', async (t) => {
  for (const value of [null, 1, 'text', []]) t.strictSame(faults(value), [' wrong_type'])
})
