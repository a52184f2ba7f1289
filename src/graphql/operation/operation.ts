import { createHash } from 'node:crypto'
import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
  visit
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { PortolanError } from '../../domain/errors.ts'
import { countTokens } from './document-size.ts'
import { asGraphQLError, OperationRefusal } from './errors.ts'
import { limitRules, noSubgraphSdlRule } from './limits.ts'

/** A document that may be executed. */
export interface Operation {
  readonly text: string
  readonly document: DocumentNode
  readonly tokens: number
}

/** The most bytes that all documents may take which are kept. */
const keptBytes = 32 * 1_048_576
/** How many bytes a token takes, at most, in a document that is kept, with what it is compiled to. Measured: 50 to 900. */
const tokenBytes = 1000

/** A document of more tokens may take longer to validate than the loop has time. */
const mostShortTokens = 300

/** Parses and validates documents, and keeps those that may be executed. A document that is refused is judged anew each time. */
export class Operations {
  readonly #schema: GraphQLSchema
  readonly #allowsIntrospection: boolean
  readonly #rules: readonly ValidationRule[]
  readonly #known = new LRUCache<string, Operation>({
    max: 1000,
    maxSize: keptBytes,
    sizeCalculation: ({ text, tokens }) => 4 * text.length + tokenBytes * (tokens + 1)
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
    const known = this.#known.get(text)
    if (known) return known
    const operation = this.#judge(text)
    this.#known.set(text, operation)
    return operation
  }

  /** Whether `read` takes little time: the text is known, or short, or refused at once. */
  isShort(text: string): boolean {
    if (this.#known.has(text)) return true
    try {
      return countTokens(text) <= mostShortTokens
    } catch {
      return true
    }
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

  #judge(text: string): Operation {
    const { document, tokens } = parsed(text)
    const options = { maxErrors: 100, hideSuggestions: this.#hidesSuggestions }
    const errors = validate(this.#schema, document, this.#rules, options)
    if (errors.length > 0) throw new OperationRefusal(errors, 'validation')
    return { text, document: withoutTokens(document), tokens }
  }

  /** Names that are close to a wrong one would tell the schema bit by bit. */
  get #hidesSuggestions(): boolean {
    return !this.#allowsIntrospection
  }
}

/** The same document. Its nodes keep their places in the text, which errors name, but no tokens, which take more memory than all the rest. */
function withoutTokens(document: DocumentNode): DocumentNode {
  visit(document, {
    enter(node) {
      if (!node.loc) return
      const { start, end, source } = node.loc
      Object.assign(node, { loc: { start, end, source } })
    }
  })
  return document
}

function parsed(text: string): { readonly document: DocumentNode; readonly tokens: number } {
  try {
    const tokens = countTokens(text)
    return { document: parse(text), tokens }
  } catch (error) {
    throw new OperationRefusal([asGraphQLError(error)], 'parsing')
  }
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
