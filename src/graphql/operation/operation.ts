import { createHash } from 'node:crypto'
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationTypeNode,
  parse,
  print,
  separateOperations,
  specifiedRules,
  type ValidationRule,
  validate
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { PortolanError } from '../../domain/errors.ts'
import { limitRules, limits, noSubgraphSdlRule, tooLarge } from './limits.ts'

/** A document that may be executed. */
export interface Operation {
  readonly text: string
  readonly document: DocumentNode
  /** Of a document with several operations: the text of each alone, by its name. */
  readonly parts?: ReadonlyMap<string, string>
}

/** What came of a text: an operation, or the errors that it has. Both are kept. */
type Read = Operation | { readonly errors: readonly GraphQLError[] }

/** Texts of operations, read and judged once. */
export class Operations {
  readonly #schema: GraphQLSchema
  readonly #allowsIntrospection: boolean
  readonly #rules: readonly ValidationRule[]
  readonly #read = new LRUCache<string, Read>({
    max: 1000,
    maxSize: 8 * 1_048_576,
    sizeCalculation: (_, key) => key.length + 1
  })

  constructor(schema: GraphQLSchema, { allowsIntrospection }: { readonly allowsIntrospection: boolean }) {
    this.#schema = schema
    this.#allowsIntrospection = allowsIntrospection
    this.#rules = [
      ...limitRules,
      ...specifiedRules,
      ...(allowsIntrospection ? [] : [NoSchemaIntrospectionCustomRule, noSubgraphSdlRule])
    ]
  }

  /** @throws GraphQLErrors what the text has for faults. */
  read(text: string): Operation {
    const known = this.#read.get(text) ?? this.#judge(text)
    this.#read.set(text, known)
    if ('errors' in known) throw new GraphQLErrors(known.errors)
    return known
  }

  #judge(text: string): Read {
    let document: DocumentNode
    try {
      document = parse(text, { maxTokens: limits.tokens })
    } catch (error) {
      return { errors: [asSyntax(error)] }
    }
    const errors = validate(this.#schema, document, this.#rules, { maxErrors: 100 })
    if (errors.length > 0) return { errors: this.#allowsIntrospection ? errors : errors.map(withoutSuggestion) }
    return { text, document, ...partsOf(document) }
  }
}

/** Mercurius keeps what it compiled by text alone, whichever operation of it was meant: it never gets more than one. */
function partsOf(document: DocumentNode): Pick<Operation, 'parts'> {
  if (document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length < 2) return {}
  const parts = Object.entries(separateOperations(document)).map(([name, part]) => [name, print(part)] as const)
  return { parts: new Map(parts) }
}

/** Several errors at once. */
export class GraphQLErrors extends Error {
  readonly errors: readonly GraphQLError[]

  constructor(errors: readonly GraphQLError[]) {
    super(errors[0]?.message)
    this.errors = errors
  }
}

/** Names that are close to a wrong one would tell the schema bit by bit. */
function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ Did you mean .*$/s, '')
  return message === error.message ? error : new GraphQLError(message, error.nodes && { nodes: error.nodes })
}

function asSyntax(error: unknown): GraphQLError {
  if (!(error instanceof GraphQLError)) throw error
  if (!error.message.includes('tokens. Parsing aborted')) return error
  const originalError = tooLarge('tokens', 'It has more words and signs than that.')
  return new GraphQLError(originalError.message, { originalError })
}

/**
 * Which kind of operation is asked for.
 * @throws PortolanError `unknown_operation` where the document has no such operation, or several and none is named.
 */
export function kindOf({ document }: Operation, operationName: string | undefined): OperationTypeNode {
  const found = getOperationAST(document, operationName)
  if (found) return found.operation
  throw new PortolanError(
    'unknown_operation',
    operationName === undefined
      ? 'The document has several operations: say by operationName which one is meant.'
      : `The document has no operation ${operationName}.`
  )
}

/** What trusted documents are named by: the SHA-256 of their text, in hex. */
export function documentHash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
