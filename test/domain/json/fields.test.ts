import t from 'tap'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { RequirementFieldsSchema } from '../../../src/domain/document/document.ts'
import { EditionInputSchema } from '../../../src/domain/document/edition.ts'
import { endpointInputSchemas } from '../../../src/domain/document/endpoint.ts'
import { Faults } from '../../../src/domain/json/faults.ts'
import { fieldsOf } from '../../../src/domain/json/fields.ts'
import { fc, runs } from '../../support/scale.ts'

const Schema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 3 }),
    list: Type.Optional(Type.Array(Type.Integer(), { minItems: 1 }))
  },
  { additionalProperties: false }
)

function read(value: unknown, options?: Parameters<typeof fieldsOf>[4]) {
  const faults = new Faults()
  const fields = fieldsOf(Schema, value, '/x', faults, options)
  return { fields, faults: faults.list().map(({ code, pointer }) => `${code} ${pointer}`) }
}

t.test('well-shaped fields come back, and the others are faults', async (t) => {
  t.same(read({ name: 'a', list: [1] }), { fields: { name: 'a', list: [1] }, faults: [] })
  t.same(read({ name: 'long', list: [1] }), { fields: { list: [1] }, faults: ['too_long /x/name'] })
  t.same(read({ list: [1, 'x', 2.5] }), {
    fields: {},
    faults: ['wrong_type /x/list/1', 'wrong_type /x/list/2', 'required /x/name']
  })
  t.same(read('x'), { fields: undefined, faults: ['wrong_type /x'] })
})

t.test('an empty optional list is absent, unless it must not be empty', async (t) => {
  t.same(read({ name: 'a', list: [] }), { fields: { name: 'a' }, faults: [] })
  t.same(read({ name: 'a', list: [] }, { strictLists: ['list'] }), {
    fields: { name: 'a' },
    faults: ['too_few_items /x/list']
  })
  t.same(read({ name: [] }), { fields: {}, faults: ['wrong_type /x/name'] })
})

t.test('the contents of an open field are left to others', async (t) => {
  t.same(read({ name: 'a', list: ['x'] }, { open: ['list'] }), { fields: { name: 'a', list: ['x'] }, faults: [] })
  t.same(read({ name: 'a', list: 'x' }, { open: ['list'] }), { fields: { name: 'a' }, faults: ['wrong_type /x/list'] })
})

const schemas = [
  EditionInputSchema,
  RequirementFieldsSchema,
  endpointInputSchemas.host,
  endpointInputSchemas.address,
  endpointInputSchemas.role,
  endpointInputSchemas.feed,
  endpointInputSchemas.any
].map((schema) => ({ schema, validator: Compile(schema) }))

t.test('it finds a fault exactly where TypeBox refuses, but for empty lists', async () => {
  const text = fc.constantFrom(
    '',
    'a',
    'tcp',
    'host',
    'any',
    'external',
    '2018-10',
    'https://a.example/',
    'x'.repeat(300),
    'A b'
  )
  const leaf = fc.oneof(text, fc.integer({ min: -1, max: 300 }), fc.boolean(), fc.constant(null))
  const list = fc.oneof(
    fc.array(leaf, { minLength: 1, maxLength: 2 }),
    fc.array(fc.record({ url: text, transport: text }, { requiredKeys: [] }), { minLength: 1, maxLength: 2 })
  )
  const nested = fc.dictionary(fc.constantFrom('httpProxy', 'from', 'A', 'cmdb', 'a\nb'), fc.oneof(leaf, list), {
    maxKeys: 2
  })
  const names = [
    ...new Set([
      ...schemas.flatMap(({ schema }) => Object.keys(schema.properties)),
      'colour',
      '__proto__',
      'constructor'
    ])
  ]
  const value = fc.oneof(fc.dictionary(fc.constantFrom(...names), fc.oneof(leaf, list, nested)), fc.jsonValue())
  fc.assert(
    fc.property(value, fc.constantFrom(...schemas), (input, { schema, validator }) => {
      const faults = new Faults()
      const known = JSON.parse(JSON.stringify(input))
      fieldsOf(schema, known, '', faults, { strictLists: names })
      return (faults.count === 0) === validator.Check(known)
    }),
    { numRuns: runs(5000) }
  )
})

t.test('a valid value is found valid', async () => {
  const host = fc.record(
    {
      kind: fc.constant('host'),
      value: fc.string({ minLength: 1 }),
      until: fc.constant('2018-10'),
      replacedBy: fc.constant(['a'])
    },
    { requiredKeys: ['kind', 'value'] }
  )
  fc.assert(
    fc.property(host, (input) => {
      const faults = new Faults()
      fieldsOf(endpointInputSchemas.host, input, '', faults)
      return faults.count === 0
    })
  )
})
