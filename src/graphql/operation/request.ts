import { PortolanError } from '../../domain/errors.ts'
import { parseJson } from '../../domain/json/json.ts'

/** The request of an operation. GraphQL over HTTP, section 5. */
export interface GraphQLRequest {
  readonly query?: string
  /** The SHA-256 of a trusted document, in hex. It may stand in for the text. */
  readonly hash?: string
  readonly operationName?: string
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * The request in the body of a POST.
 * @throws PortolanError `malformed_body`
 */
export function readBody(body: Uint8Array): GraphQLRequest {
  const read = parseJson(body)
  if ('fault' in read) throw malformed(`The body ${read.fault}`)
  if (!isObject(read.value)) throw malformed('The body must be one object, since batches are not taken')
  return requestOf(read.value)
}

/**
 * The request in the query parameters of a GET.
 * @throws PortolanError `malformed_body`
 */
export function readParameters(parameters: Readonly<Record<string, unknown>>): GraphQLRequest {
  const { variables, extensions, ...rest } = parameters
  return requestOf({
    ...rest,
    variables: fromText('variables', variables),
    extensions: fromText('extensions', extensions)
  })
}

function fromText(name: string, text: unknown): unknown {
  if (text === undefined || text === '') return undefined
  const read = typeof text === 'string' ? parseJson(Buffer.from(text)) : { fault: 'is given more than once' }
  if ('fault' in read) throw malformed(`${name} ${read.fault}`)
  return read.value
}

/**
 * The request that an object describes. No member is converted: a number is no text, and a list no object.
 * @throws PortolanError `malformed_body`
 */
export function requestOf({
  query,
  operationName,
  variables,
  extensions,
  documentId
}: Readonly<Record<string, unknown>>): GraphQLRequest {
  if (!isAbsent(query) && typeof query !== 'string') throw malformed('query must be text')
  if (!isAbsent(operationName) && typeof operationName !== 'string') throw malformed('operationName must be text')
  // Some clients send the text of an empty field.
  const given = variables === '' ? undefined : variables
  if (!isAbsent(given) && !isObject(given)) throw malformed('variables must be an object')
  if (!isAbsent(extensions) && !isObject(extensions)) throw malformed('extensions must be an object')
  const hash = hashOf(extensions ?? {}, documentId)
  if (isAbsent(query) && hash === undefined)
    throw malformed('query is needed, or the hash of a trusted document as extensions.persistedQuery.sha256Hash')
  return {
    ...(!isAbsent(query) && { query }),
    ...(hash !== undefined && { hash }),
    ...(!isAbsent(operationName) && operationName !== '' && { operationName }),
    variables: given ?? {}
  }
}

/** The same request as the body of a POST. */
export function bodyOf({ query, hash, operationName, variables }: GraphQLRequest): Uint8Array {
  return Buffer.from(JSON.stringify({ query, documentId: hash, operationName, variables }))
}

/** The hash as Apollo's clients send it, or as `documentId`, with or without `sha256:` before it. */
function hashOf({ persistedQuery }: Readonly<Record<string, unknown>>, documentId: unknown): string | undefined {
  const named = isObject(persistedQuery) ? persistedQuery.sha256Hash : documentId
  if (isAbsent(named)) return undefined
  if (typeof named === 'string') return named.replace(/^sha256:/, '').toLowerCase()
  throw malformed('the hash of a document must be text')
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(fault: string): PortolanError {
  return new PortolanError('malformed_body', `${fault}.`)
}
