import { PortolanError } from '../../domain/errors.ts'
import { parseJson } from '../../domain/json/json.ts'

/** An operation as it is asked for over HTTP. GraphQL over HTTP, section 5. */
export interface GraphQLRequest {
  readonly query?: string
  /** Instead of the text: the SHA-256 of a trusted document, in hex. */
  readonly hash?: string
  readonly operationName?: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** @throws PortolanError `malformed_body` */
export function readBody(body: Uint8Array): GraphQLRequest {
  const read = parseJson(body)
  if ('fault' in read) throw malformed(`The body ${read.fault}`)
  if (!isObject(read.value)) throw malformed('The body must be one object: batches are not taken')
  return requestOf(read.value)
}

/** @throws PortolanError `malformed_body` */
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
  const read = typeof text === 'string' ? parseJson(Buffer.from(text)) : { fault: 'is given twice' }
  if ('fault' in read) throw malformed(`${name} ${read.fault}`)
  return read.value
}

/**
 * Nothing is taken for what it is not: a number is no text, and a list no object.
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
  if (!isAbsent(variables) && !isObject(variables)) throw malformed('variables must be an object')
  if (!isAbsent(extensions) && !isObject(extensions)) throw malformed('extensions must be an object')
  const hash = hashOf(extensions ?? {}, documentId)
  if (isAbsent(query) && hash === undefined)
    throw malformed('query is needed, or extensions.persistedQuery.sha256Hash of a trusted document')
  return {
    ...(!isAbsent(query) && { query }),
    ...(hash !== undefined && { hash }),
    ...(!isAbsent(operationName) && operationName !== '' && { operationName }),
    variables: variables ?? {}
  }
}

/** As Apollo's clients send it, or as `documentId`, with or without the name of the hash. */
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
