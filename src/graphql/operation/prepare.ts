import { GraphQLError, OperationTypeNode } from 'graphql'
import { PortolanError } from '../../domain/errors.ts'
import { type Caller, type Context, contextOf } from '../reading/context.ts'
import { OperationRefusal } from './errors.ts'
import type { ExecutionContext } from './execution-context.ts'
import { documentHash, type Operation, requestedOperation } from './operation.ts'
import type { GraphQLRequest } from './request.ts'

/** How much cost of an operation is one unit of its client. */
export const costPerUnit = 100

/** An operation that may be executed, with all that its execution needs. */
export interface PreparedOperation {
  readonly operation: Operation
  readonly kind: OperationTypeNode
  readonly cost: number
  readonly context: Context
}

/** Which operations a way to the service takes. */
export interface TakenOperations {
  readonly kinds: readonly OperationTypeNode[]
  /** Only trusted documents are taken. */
  readonly takesOnlyTrusted: boolean
}

/**
 * Finds the operation of a request, and checks it and its variables.
 * @throws OperationRefusal, PortolanError, `rate_limited` among its codes
 */
export function prepare(
  execution: ExecutionContext,
  request: GraphQLRequest,
  caller: Caller,
  { kinds, takesOnlyTrusted }: TakenOperations
): PreparedOperation {
  const { operations, sources } = execution
  const { operationName, variables } = request
  const operation = operations.read(documentText(execution, request, takesOnlyTrusted))
  const definition = requestedOperation(operation, operationName)
  const kind = definition.operation
  if (!kinds.includes(kind)) throw wrongKind(kind)
  if (kind === OperationTypeNode.MUTATION && caller.writeRefusal) throw caller.writeRefusal
  operations.checkVariables(definition, variables)
  const cost = costOf(execution, operation, request)
  // Reading the document has cost the first unit.
  caller.charge(Math.ceil(cost / costPerUnit) - 1)
  const context = contextOf(sources, caller)
  if (kind === OperationTypeNode.MUTATION) context.snapshot.dependencies.forbidKeeping()
  return { operation, kind, cost, context }
}

/** @throws PortolanError `too_expensive`; OperationRefusal where a variable gives an argument a value that it does not take */
function costOf(
  { costs }: ExecutionContext,
  operation: Operation,
  { operationName, variables }: GraphQLRequest
): number {
  try {
    return costs.of(operation.document, variables, operationName)
  } catch (error) {
    throw error instanceof GraphQLError ? new OperationRefusal([error], 'variables') : error
  }
}

/**
 * The text of the document that a request means.
 * @throws GraphQLError of `unknown_document`; PortolanError `unknown_document`, `malformed_body`, `method_not_allowed`
 */
export function documentText(
  { documents, trustsOnlyDocuments }: ExecutionContext,
  { query, hash }: GraphQLRequest,
  takesOnlyTrusted: boolean
): string {
  const trusted = hash === undefined ? undefined : documents.get(hash)
  if (query === undefined) {
    if (trusted === undefined) throw notFound(hash)
    return trusted
  }
  const isBare = hash === undefined && !trustsOnlyDocuments && !takesOnlyTrusted
  if (isBare) return query
  const own = documentHash(query)
  if (hash !== undefined && hash !== own)
    throw new PortolanError('malformed_body', `The hash of the text is ${own}, not ${hash}.`)
  if (documents.has(own)) return query
  if (trustsOnlyDocuments)
    throw new PortolanError('unknown_document', `Only trusted documents are executed here, and ${own} is none of them.`)
  if (takesOnlyTrusted)
    throw new PortolanError(
      'method_not_allowed',
      'Only trusted documents can be asked for by GET: send this one by POST.'
    )
  return query
}

/** Clients look for exactly this message, and send the text next where they find it. */
function notFound(hash: string | undefined): GraphQLError {
  const originalError = new PortolanError('unknown_document', `No document here has the hash ${hash}.`)
  return new GraphQLError('PersistedQueryNotFound', { originalError })
}

function wrongKind(kind: OperationTypeNode): PortolanError {
  return kind === OperationTypeNode.SUBSCRIPTION
    ? new PortolanError(
        'graphql_validation_failed',
        'A subscription is sent over WebSocket, or to /graphql/stream for server-sent events.'
      )
    : new PortolanError('method_not_allowed', 'A mutation is sent by POST.')
}
