import { strict as assert } from 'node:assert'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >
}

interface OpenApi {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, object>> }
}

/** Holds answers against the OpenAPI document: the operation, its status, its media type and the schema of its body. */
export class ContractChecker {
  readonly #paths: readonly { readonly pattern: RegExp; readonly operations: Readonly<Record<string, Operation>> }[]
  readonly #ajv = new Ajv2020({ strict: false })
  readonly #validators = new Map<object, ValidateFunction>()

  constructor(document: object) {
    const { paths = {}, components = {} }: OpenApi = document
    addFormats.default(this.#ajv)
    this.#ajv.addSchema({ $id: 'openapi', components })
    this.#paths = Object.entries(paths).map(([path, operations]) => ({
      pattern: new RegExp(`^${path.replaceAll(/[.]/g, '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
      operations
    }))
  }

  check({ method = 'GET', url }: InjectOptions, answer: LightMyRequestResponse): void {
    const path = String(url ?? '').split('?')[0] ?? ''
    const name = method.toLowerCase() === 'head' ? 'get' : method.toLowerCase()
    const operation = this.#paths.find(({ pattern }) => pattern.test(path))?.operations[name]
    const { statusCode } = answer
    if (!operation || statusCode === 304 || statusCode === 405) return
    const described = operation.responses[String(statusCode)]
    assert(
      described,
      `${method} ${path} answered ${statusCode}, which the OpenAPI document does not name: ${answer.body}`
    )
    if (!described.content || method.toUpperCase() === 'HEAD') return
    const mediaType = String(answer.headers['content-type']).split(';')[0] ?? ''
    // A browser gets a problem, and what its code means, as a page.
    if (mediaType === 'text/html' && (statusCode >= 400 || path.startsWith('/problems/'))) return
    const content = described.content[mediaType]
    assert(
      content,
      `${method} ${path} answered ${statusCode} as ${mediaType}, which the OpenAPI document does not name`
    )
    if (!/[/+]json$/.test(mediaType) || answer.headers['content-encoding']) return
    const validate = this.#validator(content.schema)
    assert(
      validate(answer.json()),
      `${method} ${path} ${statusCode} does not match its schema: ${this.#ajv.errorsText(validate.errors)}`
    )
  }

  #validator(schema: object): ValidateFunction {
    const kept = this.#validators.get(schema)
    if (kept) return kept
    // References in the document are to itself.
    const local: object = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/'))
    const made = this.#ajv.compile(local)
    this.#validators.set(schema, made)
    return made
  }
}
