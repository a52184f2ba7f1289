import { type DocumentNode, type GraphQLSchema, visit } from 'graphql'
import { getComplexity } from 'graphql-query-complexity'
import { LRUCache } from 'lru-cache'
import { FieldCosts } from './field-cost.ts'
import { checkCost } from './limits.ts'

/** The text of an operation, and what it was parsed to. */
interface PricedDocument {
  readonly text: string
  readonly document: DocumentNode
}

/** What operations cost. To work it out takes longer than many an operation, so it is kept for all that it depends on. */
export class Costs {
  readonly #schema: GraphQLSchema
  readonly #fields: FieldCosts
  readonly #sizing = new WeakMap<DocumentNode, readonly string[]>()
  readonly #known = new LRUCache<string, number>({
    max: 5000,
    maxSize: 8 * 1_048_576,
    sizeCalculation: (_, key) => key.length
  })

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
    this.#fields = new FieldCosts(schema)
  }

  /**
   * How many objects an operation answers with, at the most that its pages allow.
   * @throws PortolanError `operation_too_large`; GraphQLError where a variable that the cost depends on is not of its type.
   */
  of(
    { text, document }: PricedDocument,
    variables: Readonly<Record<string, unknown>>,
    operationName: string | undefined
  ): number {
    const sizes = Object.fromEntries(this.#sizingVariables(document).map((name) => [name, variables[name]]))
    const key = `${operationName ?? ''}\n${JSON.stringify(sizes)}\n${text}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const cost = getComplexity({
      schema: this.#schema,
      query: document,
      variables: { ...variables },
      ...(operationName !== undefined && { operationName }),
      estimators: [this.#fields.estimate]
    })
    checkCost(cost)
    this.#known.set(key, cost)
    return cost
  }

  /** Names of the variables that the cost of a document depends on. */
  #sizingVariables(document: DocumentNode): readonly string[] {
    const known = this.#sizing.get(document)
    if (known) return known
    const names = new Set<string>()
    visit(document, {
      Argument: ({ name, value }) => {
        // `if` is the argument of @skip and @include.
        if (name.value !== 'if' && !this.#fields.slicingArguments.has(name.value)) return
        visit(value, {
          Variable(variable) {
            names.add(variable.name.value)
          }
        })
      }
    })
    const found = [...names]
    this.#sizing.set(document, found)
    return found
  }
}
