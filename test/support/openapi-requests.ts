import { readFileSync } from 'node:fs'
import { catalogueFile, clearswift } from './app.ts'
import { fc } from './scale.ts'

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly example?: unknown
  readonly schema?: Schema
}
interface Schema {
  readonly type: string
  readonly enum?: readonly unknown[]
  readonly examples?: readonly unknown[]
  readonly items?: Schema
}
/** An operation of the committed OpenAPI document. */
interface Operation {
  readonly parameters: readonly Parameter[]
  readonly responses: Readonly<Record<string, { readonly description: string }>>
}

const { paths }: { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> } = JSON.parse(
  readFileSync(new URL('../../openapi/portolan.json', import.meta.url), 'utf8')
)
const methods: Readonly<Record<string, 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>> = {
  get: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE'
}
const operations = Object.entries(paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method: methods[method] ?? 'GET', operation }))
)

/** Values that are right for some parameter and wrong for the others, and some that are right for none. */
const oddities = fc.oneof(
  fc.constantFrom('', ' ', '0', '-1', '1', '1e3', '65536', '99999999999999999999', 'true', 'all', 'a'.repeat(299), 'ü'),
  fc.constantFrom('label:2.3', 'label:', '2018-10-15T00:00:00Z', '2018-11-22T01:00:00+02:00', '2018-10-15'),
  fc.constantFrom('9999-12-31T23:59:59Z', '0000-01-01T00:00:00Z', '2018-13-01T00:00:00Z', '+010000-01-01T00:00:00Z'),
  fc.constantFrom(
    '184.72.245.1',
    '184.72.245.0/24',
    '184.72.245.1/24',
    '::1',
    '0.0.0.0/0',
    '*.clearswift.net',
    'a_b.c'
  ),
  fc.constantFrom('tcp/443', 'tcp/0', 'udp', 'tcp/184.72.245.1/80', 'x:y', 'csv', 'rss-feed', clearswift, '__proto__'),
  fc.string({ maxLength: 20 })
)

const bodies = fc.constantFrom(
  '{"entries":["184.72.245.1"]}',
  '{"entries":[{"value":"a.b","port":"tcp/1"}],"more":1}',
  '{"entries":[1,null,{}]}',
  '{"id":"x"}',
  '{"url":"https://receiver.example/a","filter":{"impact":"closes"}}',
  '{"url":"https://127.0.0.1:1/","headers":{"host":"x"}}',
  '{"description":null,"types":[]}',
  '{"fromSeq":1,"toSeq":0}',
  '{"seqs":[1]}',
  '{"query":"{ formats { name } }","variables":null}',
  '{"query":"query ($id: ID!) { catalogue(id: $id) { title } }","variables":{"id":"x"}}',
  '{"query":"{ catalogue { title }","operationName":1}',
  '{"documentId":"sha256:0"}',
  '{',
  'null',
  '[]',
  '',
  catalogueFile('2-2.3.yaml').toString()
)

/** Mostly what the document says, sometimes something else. */
function valuesOf({ example, schema }: Parameter): fc.Arbitrary<string> {
  const known = [example, ...(schema?.enum ?? []), ...(schema?.examples ?? []), ...(schema?.items?.enum ?? [])].flat()
  const right = fc.constantFrom(...known.filter((value) => value !== undefined).map(String))
  return fc.oneof({ arbitrary: right, weight: 3 }, { arbitrary: oddities, weight: 1 })
}

/** Requests of every operation: mostly as the document says, with values that are wrong in every way in between. `key` stands for a key that may write. */
export const requests = fc.constantFrom(...operations).chain(({ path, method, operation }) => {
  const inPlace = (place: string) => operation.parameters.filter((parameter) => parameter.in === place)
  const pathValues = fc.tuple(...inPlace('path').map(valuesOf))
  const queryValues = fc.tuple(
    ...inPlace('query').map((parameter) =>
      fc.oneof(
        { arbitrary: fc.constant([]), weight: parameter.required ? 1 : 9 },
        { arbitrary: fc.array(valuesOf(parameter), { minLength: 1, maxLength: 2 }), weight: parameter.required ? 9 : 1 }
      )
    )
  )
  const headers = fc.record(
    {
      accept: fc.constantFrom('text/csv', 'application/yaml', 'application/x-ndjson', 'text/html', '*/*', ''),
      'accept-encoding': fc.constantFrom('gzip', 'br', 'gzip;q=0'),
      'if-none-match': fc.constantFrom('*', '"x"', 'W/"a", "b"', 'garbage'),
      'if-match': fc.constantFrom('*', '"2-x"', 'W/"2-x"', '"99-x"', 'garbage'),
      authorization: fc.constantFrom(...Array(9).fill('key'), 'Basic Og==', 'Bearer x', 'garbage'),
      'content-type': fc.constantFrom('application/json', 'application/json', 'application/yaml', 'text/plain')
    },
    { requiredKeys: method === 'GET' ? [] : ['authorization', 'content-type'] }
  )
  return fc.record({ pathValues, queryValues, headers, body: bodies }).map((chosen) => {
    const values = [...chosen.pathValues]
    const query = inPlace('query').flatMap(({ name }, index) =>
      (chosen.queryValues[index] ?? []).map((value) => `${name}=${encodeURIComponent(value)}`)
    )
    const target = path.replaceAll(/\{\w+\}/g, () => segment(values.shift()))
    return { operation, method, url: `${target}${query.length > 0 ? `?${query.join('&')}` : ''}`, ...chosen }
  })
})

/** One part of a path: what is empty or dots would be another path. */
function segment(value = ''): string {
  return /^\.{0,2}$/.test(value) ? '-' : encodeURIComponent(value)
}
