import { createHash } from 'node:crypto'
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  Lexer,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  print,
  Source,
  separateOperations,
  specifiedRules,
  TokenKind,
  type ValidationRule,
  validate
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { PortolanError } from '../../domain/errors.ts'
import { asGraphQLError, OperationRefusal } from './errors.ts'
import { limitRules, limits, noSubgraphSdlRule, tooLarge } from './limits.ts'

/** A document that may be executed. */
export interface Operation {
  readonly text: string
  readonly document: DocumentNode
  /** The text of each operation alone, by its name, where the document has several. */
  readonly parts?: ReadonlyMap<string, string>
}

/** Parses and validates documents, and keeps what came of each text: an operation, or the reason why it is refused. */
export class Operations {
  readonly #schema: GraphQLSchema
  readonly #allowsIntrospection: boolean
  readonly #rules: readonly ValidationRule[]
  readonly #judged = new LRUCache<string, Operation | OperationRefusal>({
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

  /** @throws OperationRefusal where the text cannot be parsed, or does not fit the schema or its limits. */
  read(text: string): Operation {
    const judged = this.#judged.get(text) ?? this.#judge(text)
    this.#judged.set(text, judged)
    if (judged instanceof OperationRefusal) throw judged
    return judged
  }

  /**
   * Checks that variables are of the types that an operation gives them.
   * @throws OperationRefusal
   */
  checkVariables(
    { variableDefinitions = [] }: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>
  ): void {
    const options = { maxErrors: 50, hideSuggestions: this.#hidesSuggestions }
    const { errors } = getVariableValues(this.#schema, variableDefinitions, variables, options)
    if (errors) throw new OperationRefusal(errors, 'variables')
  }

  #judge(text: string): Operation | OperationRefusal {
    const document = parsed(text)
    if (document instanceof OperationRefusal) return document
    const options = { maxErrors: 100, hideSuggestions: this.#hidesSuggestions }
    const errors = validate(this.#schema, document, this.#rules, options)
    if (errors.length > 0) return new OperationRefusal(errors, 'validation')
    return { text, document, ...partsOf(document) }
  }

  /** Names that are close to a wrong one would tell the schema bit by bit. */
  get #hidesSuggestions(): boolean {
    return !this.#allowsIntrospection
  }
}

function parsed(text: string): DocumentNode | OperationRefusal {
  try {
    return parse(text, { maxTokens: limits.tokens })
  } catch (error) {
    const known = hasMoreTokens(text, limits.tokens)
      ? tooLarge('tokens', 'It has more words and signs than that.')
      : error
    return new OperationRefusal([asGraphQLError(known)], 'parsing')
  }
}

/** Whether a text has more tokens than `most`. It is read no further than that. */
function hasMoreTokens(text: string, most: number): boolean {
  const lexer = new Lexer(new Source(text))
  try {
    for (let count = 0; count <= most; count += 1) if (lexer.advance().kind === TokenKind.EOF) return false
    return true
  } catch (error) {
    if (error instanceof GraphQLError) return false
    throw error
  }
}

/** Mercurius keeps what it compiled by text alone, whichever operation of it was meant, so it gets the text of one only. */
function partsOf(document: DocumentNode): Pick<Operation, 'parts'> {
  if (document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length < 2) return {}
  const parts = Object.entries(separateOperations(document)).map(([name, part]) => [name, print(part)] as const)
  return { parts: new Map(parts) }
}

/**
 * The operation of a document that a request asks for.
 * @throws PortolanError `unknown_operation` where the document has no such operation, or several and none is named.
 */
export function requestedOperation(
  { document }: Operation,
  operationName: string | undefined
): OperationDefinitionNode {
  const found = getOperationAST(document, operationName)
  if (found) return found
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
