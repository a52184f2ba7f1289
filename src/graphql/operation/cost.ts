import { type DocumentNode, type GraphQLSchema, visit } from 'graphql'
import { getComplexity } from 'graphql-query-complexity'
import { FieldCosts } from './field-cost.ts'
import { checkCost } from './limits.ts'

/** How many costs of one document are kept, for different sizes of its pages. */
const mostKnown = 50

/** What operations cost. To work it out takes longer than many an operation, so it is kept for all that it depends on. */
export class Costs {
  readonly #schema: GraphQLSchema
  readonly #fields: FieldCosts
  readonly #sizing = new WeakMap<DocumentNode, readonly string[]>()
  readonly #known = new WeakMap<DocumentNode, Map<string, number>>()

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
    this.#fields = new FieldCosts(schema)
  }

  /**
   * How many objects an operation answers with, at the most that its pages allow.
   * @throws PortolanError `too_expensive`; GraphQLError where a variable that the cost depends on is not of its type.
   */
  of(document: DocumentNode, variables: Readonly<Record<string, unknown>>, operationName: string | undefined): number {
    const sizes = Object.fromEntries(this.#sizingVariables(document).map((name) => [name, sizeOf(variables[name])]))
    const key = JSON.stringify([operationName, sizes])
    const costs = this.#known.get(document) ?? new Map<string, number>()
    const known = costs.get(key)
    if (known !== undefined) return known
    const cost = getComplexity({
      schema: this.#schema,
      query: document,
      variables: { ...variables },
      ...(operationName !== undefined && { operationName }),
      estimators: [this.#fields.estimate]
    })
    checkCost(cost)
    if (costs.size === mostKnown) costs.clear()
    this.#known.set(document, costs.set(key, cost))
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

/** Of a list only its length counts. */
function sizeOf(value: unknown): unknown {
  return Array.isArray(value) ? { length: value.length } : value
}
