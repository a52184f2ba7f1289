import { type DocumentNode, type GraphQLSchema, getNamedType, isLeafType, visit } from 'graphql'
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity'
import { LRUCache } from 'lru-cache'
import { defaultPage } from '../reading/connection.ts'
import { assumedLength, checkCost } from './limits.ts'

/** Arguments that say how much comes, and those of @skip and @include. */
const sizing: ReadonlySet<string> = new Set(['first', 'last', 'limit', 'ids', 'representations', 'if'])

/** A document, with the names of the variables that its cost depends on. */
export interface Sized {
  readonly text: string
  readonly document: DocumentNode
  readonly sizedBy: readonly string[]
}

/** Names of the variables that a cost depends on. */
export function sizingVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>()
  visit(document, {
    Argument({ name, value }) {
      if (!sizing.has(name.value)) return
      visit(value, {
        Variable(variable) {
          names.add(variable.name.value)
        }
      })
    }
  })
  return [...names]
}

/** What operations cost. Working it out is dearer than many an operation, so it is kept for all that it depends on. */
export class Costs {
  readonly #schema: GraphQLSchema
  readonly #known = new LRUCache<string, number>({
    max: 5000,
    maxSize: 8 * 1_048_576,
    sizeCalculation: (_, key) => key.length
  })

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  /**
   * The objects that an operation answers with, at the most that its pages allow.
   * @throws PortolanError `operation_too_large`; GraphQLError where a variable that it depends on is not what it must be.
   */
  of(
    { text, document, sizedBy }: Sized,
    variables: Readonly<Record<string, unknown>>,
    operationName: string | undefined
  ): number {
    const sizes = Object.fromEntries(sizedBy.map((name) => [name, variables[name]]))
    const key = `${operationName ?? ''}\n${JSON.stringify(sizes)}\n${text}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const cost = getComplexity({
      schema: this.#schema,
      query: document,
      variables: { ...variables },
      ...(operationName !== undefined && { operationName }),
      estimators: [costOf]
    })
    checkCost(cost)
    this.#known.set(key, cost)
    return cost
  }
}

/** An object costs one, with all that it leads to, as often as it may come; a leaf nothing. */
const costOf: ComplexityEstimator = ({ field, args, childComplexity }) => {
  const type = String(field.type)
  if (isLeafType(getNamedType(field.type))) return 0
  if (/Connection!?$/.test(type)) return 1 + pageLength(args) * childComplexity
  if (/^\[(?:Endpoint|DeltaEntry|Change|Node|_Entity)\b/.test(type)) {
    const { ids, representations } = args as Readonly<Record<string, readonly unknown[] | undefined>>
    return ((ids ?? representations)?.length ?? assumedLength) * (1 + childComplexity)
  }
  if (/^Delta!?$/.test(type)) return 1 + pageLength({ first: args.limit }) * childComplexity
  return 1 + childComplexity
}

function pageLength({ first, last }: { readonly [name: string]: unknown }): number {
  const wanted = [first, last].find((value) => typeof value === 'number')
  return typeof wanted === 'number' ? Math.max(0, wanted) : defaultPage
}
