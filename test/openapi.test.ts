import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { parse } from 'yaml'
import { exampleApp } from '../scripts/example-app.ts'
import { catalogue, readRequests } from '../scripts/example-requests.ts'
import { errorTitles } from '../src/domain/errors.ts'
import { eventTypes } from '../src/domain/event/event.ts'
import { catalogueFile } from './support/app.ts'

interface Media {
  readonly schema: object
  readonly examples?: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>
}
type Content = Readonly<Record<string, Media>>
interface Parameter {
  readonly $ref?: string
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly example?: unknown
  readonly schema: { readonly examples?: readonly unknown[]; readonly maxLength?: number; readonly maxItems?: number }
}
interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly headers?: object; readonly content?: Content }>
  >
}
interface Document {
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly webhooks: Readonly<
    Record<
      string,
      {
        readonly post: {
          readonly requestBody: {
            readonly content: {
              readonly 'application/json': {
                readonly examples: { readonly event: { readonly value: { readonly type: string } } }
              }
            }
          }
        }
      }
    >
  >
  readonly info: { readonly version: string }
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>
    readonly schemas: Readonly<Record<string, object>>
  }
}

const committed = readFileSync(new URL('../openapi/portolan.json', import.meta.url), 'utf8')
const document: Document = JSON.parse(committed)
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    method,
    path,
    operation
  }))
)

/** An event of each type, as it is sent. */
const sent = Object.values(document.webhooks).map(({ post }) => {
  const { event } = post.requestBody.content['application/json'].examples
  return event.value
})

/** Codes that no operation names: they are answered before one is found, or by nothing yet. */
const unnamed = [
  'invalid_source',
  'store_damaged',
  'wrong_schema',
  'wrong_secret_key',
  'method_not_allowed',
  'request_timeout'
]

t.test('the service answers with the committed document, and a client that has it gets 304', async (t) => {
  const { app, close } = await exampleApp({ isSeeded: false })
  t.teardown(close)
  const answer = await app.inject('/openapi.json')
  t.strictSame(answer.json(), document)
  const { etag } = answer.headers
  const again = await app.inject({ url: '/openapi.json', headers: { 'if-none-match': String(etag) } })
  t.equal(again.statusCode, 304)
  t.equal(again.body, '')
})

t.test('for generators that read 3.0 only there is the same without webhooks, valid in that version', async (t) => {
  const { app, close } = await exampleApp({ isSeeded: false })
  t.teardown(close)
  const older = (await app.inject('/openapi-3.0.json')).json()
  t.strictSame(older, JSON.parse(readFileSync(new URL('../openapi/portolan-3.0.json', import.meta.url), 'utf8')))
  t.match(await new Validator().validate(structuredClone(older)), { valid: true })
  t.equal(
    (await new Validator().validate(JSON.parse(committed.replace('"openapi": "3.1.0"', '"openapi": "3.0.3"')))).valid,
    false
  )
  t.notOk('webhooks' in older)
  const { paths, components } = document
  t.strictSame(Object.keys(older.paths), Object.keys(paths))
  t.strictSame(Object.keys(older.components.schemas), Object.keys(components.schemas))
  // Every example of the newer document fits the older schemas too, where null is a member beside the type.
  t.match(older.components.schemas.Page.properties.next, { type: 'string', nullable: true })
  t.match(older.components.schemas.GraphQLRequest.properties.query, { type: 'string', nullable: true })
  t.match(older.components.schemas.SubscriptionPatch.properties.filter, {
    anyOf: [{ $ref: '#/components/schemas/SubscriptionFilterInput' }, { nullable: true, enum: [null] }]
  })
  t.equal(
    older.components.schemas.SubscriptionInput.properties.secret.example,
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  )
})

t.test('the document says which version of the product it is of', async (t) => {
  t.equal(document.info.version, JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version)
})

/** The documents themselves, and a protocol of its own: GraphQL over SSE says what goes over it. */
const others = ['/openapi.json', '/openapi-3.0.json', '/graphql/stream']

/** Pages, and what they load. */
function isForPeople(path: string): boolean {
  return !/^\/(?:v1|graphql|health|metrics|problems|shapes)\b/.test(path)
}

t.test(
  'every route but those of the docs and of pages is an operation of the document, with the methods that it has',
  async (t) => {
    const { app, close } = await exampleApp({ isSeeded: false })
    t.teardown(close)
    const paths = pathsOf(app.printRoutes({ commonPrefix: false })).filter(
      (path) => !path.startsWith('/docs') && !others.includes(path) && !isForPeople(path)
    )
    t.ok(paths.length > 10)
    for (const path of paths) {
      const { headers } = await app.inject({ method: 'OPTIONS', url: path.replaceAll(/:\w+/g, '1') })
      const allowed = String(headers.allow).split(', ')
      const item = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')] ?? {}
      t.strictSame(
        Object.keys(item).sort(),
        allowed
          .filter((method) => method !== 'HEAD' && method !== 'OPTIONS')
          .map((method) => method.toLowerCase())
          .sort(),
        path
      )
    }
    t.equal(Object.keys(document.paths).length, paths.length)
  }
)

t.test('every operation says what it is, what it takes and what it can answer', async (t) => {
  const ids = operations.map(({ operation }) => operation.operationId)
  t.equal(new Set(ids).size, operations.length)
  for (const { name, path, operation } of operations) {
    const { operationId, summary, description, tags, responses, requestBody } = operation
    t.match(operationId, /^[a-z][A-Za-z]+$/, name)
    t.ok(summary && description, `${name} has a summary and a description`)
    t.ok(document.tags.some((tag) => tag.name === tags?.[0]))
    for (const status of ['401', '500', ...(path.startsWith('/v1/') ? ['503'] : [])])
      t.ok(status in responses, `${name} can answer ${status}`)
    const bodies = Object.entries(responses).filter(([status]) => status.startsWith('2'))
    t.ok(bodies.length > 0)
    for (const [status, { content = {} }] of bodies) {
      for (const [type, { examples, schema }] of Object.entries(content)) {
        // Bytes that are no text have none.
        if (!('contentMediaType' in schema)) t.ok(examples, `${name} ${status} ${type} has an example`)
        if (type === 'application/json') t.ok('$ref' in schema, `${name} ${status} has a named schema`)
      }
    }
    for (const [type, { examples }] of Object.entries(requestBody?.content ?? {}))
      t.ok(examples, `${name} has an example of ${type} that is sent`)
    for (const parameter of parametersOf(operation)) {
      const { schema, example } = parameter
      const label = `${name} ${parameter.name}`
      t.ok(parameter.description, `${label} has a description`)
      t.ok(example !== undefined || schema.examples, `${label} has an example`)
      // What has no bound of its own would get the one of a whole body.
      t.ok((schema.maxLength ?? 0) <= 10_000 && (schema.maxItems ?? 0) <= 10_000, `${label} has a bound of its own`)
    }
  }
})

t.test('every error code is named by an operation, or known to be named by none', async (t) => {
  const named = new Set(
    operations.flatMap(({ operation: { responses } }) =>
      Object.values(responses).flatMap(({ description }) =>
        [...description.matchAll(/`(\w+)`: /g)].map(([, code]) => code ?? '')
      )
    )
  )
  for (const code of Object.keys(errorTitles)) t.equal(named.has(code), !unnamed.includes(code), code)
  for (const code of unnamed) t.ok(code in errorTitles, code)
})

t.test('every example fits its schema', async (t) => {
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  ajv.addSchema({ $id: 'openapi', components: document.components })
  const fits = (schema: object, value: unknown, name: string) => {
    const local: object = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/'))
    t.ok(ajv.validate(local, value), `${name} ${ajv.errorsText()}`)
  }
  for (const { name, operation } of operations) {
    const { requestBody, responses } = operation
    for (const parameter of parametersOf(operation)) {
      const { schema, example } = parameter
      for (const value of [...(schema.examples ?? []), ...(example === undefined ? [] : [example])])
        fits(schema, value, `${name} ${parameter.name}`)
    }
    for (const [status, { content = {} }] of Object.entries({ ...responses, body: { content: requestBody?.content } }))
      for (const { schema, examples = {} } of Object.values(content))
        for (const [example, { value }] of Object.entries(examples)) fits(schema, value, `${name} ${status} ${example}`)
  }
})

t.test('every type of event of the log, and each notice that a receiver is sent, has a webhook', async (t) => {
  const notices = ['ping', 'activated', 'paused', 'resumed'].map((name) => `subscription.${name}`)
  t.same(sent.map(({ type }) => type).sort(), [...eventTypes, ...notices].sort())
})

t.test('the published schemas accept what is written and answered', async (t) => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
  addFormats.default(ajv)
  const fits = (name: string, value: unknown) => {
    const schema: object = JSON.parse(readFileSync(new URL(`../schema/${name}.schema.json`, import.meta.url), 'utf8'))
    const validate = ajv.compile(schema)
    t.ok(validate(value), `${name} ${ajv.errorsText(validate.errors)}`)
    t.notOk(validate({ ...Object(value), unknown: 1 }), `${name} is closed`)
  }
  const { app, close } = await exampleApp({ isSeeded: true })
  t.teardown(close)
  const read = async (url: string) => (await app.inject(url)).json()
  fits('document-input', parse(catalogueFile('2-2.3.yaml').toString()))
  fits('document', await read(`${catalogue}/document`))
  fits('view', await read(catalogue))
  fits('revision', await read(`${catalogue}/revisions/2`))
  fits('diff', await read(`${catalogue}/diff?from=1&to=2`))
  fits('event', (await read('/v1/events')).items[0])
  for (const event of sent) fits(`event.${event.type}`, event)
  fits('problem', await read(`${catalogue}/revisions/3`))
  const payload = { entries: ['184.72.245.1', '192.0.2.1'] }
  fits('audit', (await app.inject({ method: 'POST', url: `${catalogue}/audit`, payload })).json())
})

t.test('the pages may run their own scripts and ask this service, and nothing else', async (t) => {
  const { app, close } = await exampleApp({ isSeeded: false })
  t.teardown(close)
  const { headers, statusCode } = await app.inject('/docs/')
  t.equal(statusCode, 200)
  const policy = String(headers['content-security-policy'])
  for (const part of ["default-src 'none'", "script-src 'self'", "connect-src 'self'"])
    t.ok(policy.includes(part), part)
  t.notMatch(policy, /upgrade-insecure-requests/, 'a service on plain HTTP has no https to be upgraded to')
})

t.test('answers have the header fields that the document names, and no other of their kind', async (t) => {
  const { app, close } = await exampleApp({ isSeeded: true })
  t.teardown(close)
  const ours = /^(portolan-.*|etag|last-modified|link|location|vary|www-authenticate|retry-after)$/
  // In its own second `Last-Modified` is not sent yet, and only what was resolved says what became of feeds.
  const optional = ['link', 'last-modified', 'portolan-valid-from', 'portolan-valid-until', 'portolan-feeds']
  for (const { operation: id, url, as, isUnready, upTo } of readRequests) {
    const operation = operations.find(({ operation }) => operation.operationId === id)?.operation
    if (!operation || as || isUnready) continue
    const { headers, statusCode } = await app.inject({ url, method: upTo === undefined ? 'GET' : 'HEAD' })
    const named = Object.keys(operation.responses[statusCode]?.headers ?? {}).map((name) => name.toLowerCase())
    for (const name of Object.keys(headers).filter((name) => ours.test(name)))
      t.ok(named.includes(name), `${url} answers ${statusCode} with ${name}, which is named`)
    for (const name of named.filter((name) => ours.test(name) && !optional.includes(name)))
      t.ok(name in headers, `${url} answers ${statusCode} with ${name}`)
  }
  const timed = await app.inject(`${catalogue}?effectiveAt=2018-11-01T00:00:00Z`)
  for (const name of ['link', 'portolan-valid-from', 'portolan-valid-until']) t.ok(name in timed.headers, name)
})

function parametersOf({ parameters }: Operation): readonly Parameter[] {
  return parameters.map((parameter) => {
    const name = parameter.$ref?.replace('#/components/parameters/', '')
    return (name === undefined ? undefined : document.components.parameters[name]) ?? parameter
  })
}

/** The paths of a printed tree of routes. */
function pathsOf(tree: string): readonly string[] {
  const above: string[] = []
  return tree
    .split('\n')
    .filter((line) => line.includes('('))
    .map((line) => {
      const [, indent = '', part = ''] = /^([^/\w*]*)(\S+)/.exec(line) ?? []
      const depth = indent.length / 4 - 1
      above.length = depth
      above.push(part)
      return above.join('')
    })
}
