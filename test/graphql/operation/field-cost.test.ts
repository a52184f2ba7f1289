import { readdirSync, readFileSync } from 'node:fs'
import { buildSchema, getIntrospectionQuery, Kind, parse, print } from 'graphql'
import t from 'tap'
import { Costs } from '../../../src/graphql/operation/cost.ts'
import { FieldCosts } from '../../../src/graphql/operation/field-cost.ts'
import { limits } from '../../../src/graphql/operation/limits.ts'
import { defaultPage } from '../../../src/graphql/reading/connection.ts'
import { executableSchema } from '../../../src/graphql/schema.ts'
import { sdl } from '../../../src/graphql/sdl.ts'

const declared = /(?<!directive)\s+@listSize\([^)]*\)/g

function costOf(schema: Parameters<typeof buildSchema>[0], text: string, variables = {}): number {
  return new Costs(buildSchema(schema)).of(parse(text), variables, undefined)
}

t.test('every list of objects in the schema has a declared size', async (t) => {
  t.doesNotThrow(() => new FieldCosts(executableSchema()))
})

t.test('a list or a connection without a declared size fails, whichever it is', async (t) => {
  /** Their size is also declared by the field above them. */
  const sizedTwice = ['items: [DeltaEntry!]!', 'nodes: [Endpoint!]!', 'nodes: [Change!]!']
  const places = [...sdl.matchAll(declared)]
  t.ok(places.length > 40, 'the schema has many')
  for (const { index, 0: directive } of places) {
    const field = sdl.slice(sdl.lastIndexOf('\n', index - 1) + 1, index).trim()
    const make = () => new FieldCosts(buildSchema(sdl.slice(0, index) + sdl.slice(index + directive.length)))
    if (sizedTwice.includes(field)) t.doesNotThrow(make, field)
    else t.throws(make, /^The schema has no @listSize for/, field)
  }
  const added = sdl.replace('  servicesText: String!', '  servicesText: String!\n  siblings: [Requirement!]!')
  t.throws(() => new FieldCosts(buildSchema(added)), {
    message: 'The schema has no @listSize for Requirement.siblings.'
  })
})

t.test('the size that is assumed of a page is that of the default page', async (t) => {
  const sizes = [...sdl.matchAll(/@listSize\(assumedSize: (\d+),[^)]*sizedFields/g)].map(([, size]) => Number(size))
  t.ok(sizes.length > 10)
  t.strictSame([...new Set(sizes)], [defaultPage])
})

t.test('the trusted documents cost what they always did', async (t) => {
  const folder = new URL('../../../schema/documents/', import.meta.url)
  const required = { id: 'x', catalogue: 'x', entries: [{ value: 'x' }] }
  const costs = readdirSync(folder).map((name) => [
    name,
    costOf(sdl, readFileSync(new URL(name, folder), 'utf8'), required)
  ])
  t.strictSame(Object.fromEntries(costs), {
    'audit.graphql': 35,
    'catalogue.graphql': 1603,
    'log.graphql': 2501,
    'mirror-round.graphql': 21_001
  })
})

t.test('questions about the schema cost what they lead round to, and the usual one is taken', async (t) => {
  const usual = costOf(sdl, getIntrospectionQuery({ inputValueDeprecation: true }))
  t.ok(usual > 1000 && usual < limits.cost / 2, String(usual))
  const inner = 'types { fields { args { type { fields { args { type { name } } } } } } }'
  const repeated = Array.from({ length: 30 }, (_, n) => `a${n}: ${inner}`).join(' ')
  t.throws(() => costOf(sdl, `{ __schema { ${repeated} } }`), { code: 'too_expensive' })
})

t.test('a cost is that of the directives', async (t) => {
  const directives = parse(sdl).definitions.filter(({ kind }) => kind === Kind.DIRECTIVE_DEFINITION)
  const schema = `${directives.map(print).join('\n')}
    type Query {
      plain: Item
      leaf: Int
      dear: Item @cost(weight: "7")
      dearLeaf: Int @cost(weight: "0.5")
      assumed: [Item!] @listSize(assumedSize: 4)
      sliced(first: Int, last: Int): [Item!] @listSize(assumedSize: 4, slicingArguments: ["first", "last"])
      named(ids: [ID!]): [Item!] @listSize(slicingArguments: ["ids"])
      page(first: Int): Items @listSize(assumedSize: 4, slicingArguments: ["first"], sizedFields: ["nodes"])
      dearList: [Item!] @cost(weight: "7") @listSize(assumedSize: 4)
    }
    type Item { id: ID, item: Item }
    type Items { nodes: [Item!], total: Int }`
  const costs: readonly (readonly [number, string, object?])[] = [
    [0, '{ leaf }'],
    [1, '{ plain { id } }'],
    [2, '{ plain { item { id } } }'],
    [7, '{ dear { id } }'],
    [0.5, '{ dearLeaf }'],
    [8, '{ assumed { item { id } } }'],
    [4, '{ sliced { id } }'],
    [3, '{ sliced(last: 3) { id } }'],
    [2, '{ sliced(first: 2, last: 3) { id } }'],
    [0, '{ sliced(first: -1) { id } }'],
    [5, 'query ($n: Int) { sliced(first: $n) { id } }', { n: 5 }],
    [3, '{ named(ids: ["a", "b", "c"]) { id } }'],
    [5, '{ page { nodes { id } total } }'],
    [1, '{ page { total } }'],
    [21, '{ page(first: 10) { nodes { item { id } } } }'],
    [28, '{ dearList { id } }']
  ]
  for (const [cost, text, variables] of costs) t.equal(costOf(schema, text, variables), cost, text)
})
