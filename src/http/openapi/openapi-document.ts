import { Components, jsonOf, mapNode, type Node, plainSchema, schemaNode, sortMembers } from './openapi-components.ts'
import { type AllExamples, withAllExamples } from './openapi-examples.ts'
import { webhooks } from './openapi-webhooks.ts'

const parts = ['body', 'querystring', 'params', 'headers', 'response'] as const

/** The schemas of a route as the document shows them. */
export function plainRoute<T extends object>(schema: T): T {
  const changed = Object.entries(schema).map(([name, part]) => [
    name,
    parts.some((known) => known === name) ? plainSchema(jsonOf(part)) : part
  ])
  // The result has the same members; only those that hold schemas have other values.
  return Object.fromEntries(changed) as T
}

/** The header fields that make a request conditional: handlers read them, so no schema of a route names them. */
const parameters = {
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'ETags of answers that the client has, in quotes: if one is still current, the answer is 304',
    schema: { type: 'string', maxLength: 8000, examples: ['"2-3f9a1c0d2b4e5f60-0-1f2e3d4c5b6a-json"'] }
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'For a catalogue that exists: the ETag of its newest document in any representation, in quotes',
    schema: { type: 'string', maxLength: 8000, examples: ['"2-3f9a1c0d2b4e5f60-0-1f2e3d4c5b6a-json"'] }
  },
  IfNoneMatchAny: {
    name: 'If-None-Match',
    in: 'header',
    description: 'For a new catalogue: `*`',
    schema: { type: 'string', enum: ['*'], examples: ['*'] }
  }
} as const

/** The published document, made from that of the routes: with named schemas, shared header fields, examples, and members by name. */
export function publishedDocument(raw: object, examples: AllExamples): Node {
  const { paths, components = {}, ...rest } = schemaNode(jsonOf(raw))
  const schemas = new Components('#/components/schemas/')
  const headers = new Map<string, string>()
  const operations = (item: unknown) =>
    mapNode(item, (operation) => {
      const { responses, requestBody, ...described } = schemaNode(operation)
      return {
        ...described,
        ...(requestBody !== undefined && { requestBody: bodyNode(schemaNode(requestBody), schemas.schemas) }),
        parameters: [
          ...list(described.parameters).map(parameterNode).sort(pathFirst),
          ...conditions(schemaNode(responses))
        ],
        responses: mapNode(responses, (response) => withSharedHeaders(schemaNode(response), headers))
      }
    })
  const referring = mapNode(schemas.refer(paths), operations)
  for (const schema of Object.values(schemaNode(schemaNode(components).schemas))) schemas.refer(plainSchema(schema))
  const document = {
    ...rest,
    paths: referring,
    webhooks: schemas.refer(webhooks()),
    components: {
      ...schemaNode(components),
      schemas: schemas.schemas,
      headers: Object.fromEntries([...headers].map(([name, header]) => [name, JSON.parse(header)])),
      parameters
    }
  }
  return schemaNode(sortMembers(withAllExamples(document, examples)))
}

/**
 * A parameter with its examples. Swagger UI fills in `example`, which helps for a required parameter, but would set a filter that nobody
 * asked for. So the examples of an optional parameter are in its schema.
 */
function parameterNode(written: unknown): Node {
  const { example, examples, schema, ...rest } = schemaNode(written)
  const values =
    example === undefined ? Object.values(schemaNode(examples)).map((named) => schemaNode(named).value) : [example]
  if (values.length === 0) return { ...rest, schema }
  if (rest.required === true) return { ...rest, example: values[0], schema }
  return { ...rest, schema: { ...schemaNode(schema), examples: values } }
}

/** A body is optional where it is an object that needs no member; the plugin says of every body that it is required. */
function bodyNode(body: Node, schemas: Node): Node {
  const { $ref } = schemaNode(schemaNode(schemaNode(schemaNode(body.content)['application/json']).schema))
  const { type, required = [] } = schemaNode(schemas[String($ref).slice('#/components/schemas/'.length)])
  return type === 'object' && list(required).length === 0 ? { ...body, required: false } : body
}

/** Parameters in the path come first. */
function pathFirst(a: Node, b: Node): number {
  return Number(b.in === 'path') - Number(a.in === 'path')
}

function conditions(responses: Node): readonly Node[] {
  const names = '304' in responses ? ['IfNoneMatch'] : '412' in responses ? ['IfMatch', 'IfNoneMatchAny'] : []
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }))
}

/** The response with header fields by reference. A field that differs from the first one with its name stays in place. */
function withSharedHeaders({ headers, ...response }: Node, shared: Map<string, string>): Node {
  if (headers === undefined || Object.keys(schemaNode(headers)).length === 0) return response
  return {
    ...response,
    headers: mapNode(headers, (header, name) => {
      const text = JSON.stringify(header)
      const known = shared.get(name)
      if (known === undefined) shared.set(name, text)
      return known === undefined || known === text ? { $ref: `#/components/headers/${name}` } : header
    })
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
