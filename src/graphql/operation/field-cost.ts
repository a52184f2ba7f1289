import {
  type GraphQLDirective,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType
} from 'graphql'
import type { ComplexityEstimator } from 'graphql-query-complexity'

/** What the schema says of the size of a list, by `@listSize`. */
interface ListSize {
  readonly assumedSize?: number | null
  readonly slicingArguments?: readonly string[] | null
  readonly sizedFields?: readonly string[] | null
}

/** What the schema says of the cost of a field. */
interface FieldCost {
  /** Cost of one value. */
  readonly weight: number
  readonly listSize?: ListSize
}

type Field = GraphQLField<unknown, unknown>

/** How many fields, arguments or values a type of the schema has, on average. */
const partsOfType = 3

/**
 * What the directives `@cost` and `@listSize` of a schema say, read once. They are those of IBM's cost specification,
 * https://ibm.github.io/graphql-specs/cost-spec.html.
 */
export class FieldCosts {
  /** Names of all arguments that say how long a list is. */
  readonly slicingArguments: ReadonlySet<string>
  readonly #costs: ReadonlyMap<Field, FieldCost>
  /** How many types the schema has. */
  readonly #types: number

  /** @throws Error where a list of objects or a page has no size: it would cost as much as one object, whatever it holds. */
  constructor(schema: GraphQLSchema) {
    const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) || isInterfaceType(type))
    const written = types.filter(({ name }) => !name.startsWith('__'))
    this.#types = types.length
    const fields = written.flatMap((type) => Object.values(type.getFields()))
    this.#costs = new Map(fields.map((field) => [field, fieldCost(schema, field)]))
    this.slicingArguments = new Set(
      [...this.#costs.values()].flatMap(({ listSize }) => listSize?.slicingArguments ?? [])
    )
    const unsized = written.flatMap((type) => this.#unsizedFields(type))
    if (unsized.length > 0) throw new Error(`The schema has no @listSize for ${unsized.join(', ')}.`)
  }

  /** The cost of a field with all that is selected below it. */
  readonly estimate: ComplexityEstimator = ({ field, args, childComplexity }) => {
    const { weight, listSize } = this.#costs.get(field) ?? this.#introspectedCost(field)
    if (!listSize) return weight + childComplexity
    const size = sizeOf(listSize, args)
    return listSize.sizedFields ? weight + size * childComplexity : size * (weight + childComplexity)
  }

  /** The fields of introspection are in no written schema. Their lists can lead round to each other too. */
  #introspectedCost(field: Field): FieldCost {
    const weight = defaultWeight(field)
    if (!isListOfObjects(field)) return { weight }
    return { weight, listSize: { assumedSize: field.name === 'types' ? this.#types : partsOfType } }
  }

  #unsizedFields(type: GraphQLObjectType | GraphQLInterfaceType): readonly string[] {
    const above = [...this.#costs].filter(([field]) => getNamedType(field.type) === type)
    const isSizedAbove = (name: string) =>
      above.length > 0 && above.every(([, { listSize }]) => listSize?.sizedFields?.includes(name))
    return Object.values(type.getFields())
      .filter((field) => {
        const listSize = this.#costs.get(field)?.listSize
        if (isListOfObjects(field)) return !listSize && !isSizedAbove(field.name)
        return isPage(field) && !listSize?.sizedFields
      })
      .map(({ name }) => `${type.name}.${name}`)
  }
}

function isListOfObjects({ type }: Field): boolean {
  return isListType(getNullableType(type)) && isCompositeType(getNamedType(type))
}

/** Connections have a `pageInfo`, and the delta has a `page`. */
function isPage({ type }: Field): boolean {
  const object = getNullableType(type)
  return isObjectType(object) && ('pageInfo' in object.getFields() || 'page' in object.getFields())
}

function fieldCost(schema: GraphQLSchema, field: Field): FieldCost {
  const weight = directiveValues(schema, 'cost', field)?.weight
  const listSize: ListSize | undefined = directiveValues(schema, 'listSize', field)
  return {
    weight: weight === undefined ? defaultWeight(field) : Number(weight),
    ...(listSize && { listSize })
  }
}

function directiveValues(schema: GraphQLSchema, name: string, { astNode }: Field) {
  const directive: GraphQLDirective | null | undefined = schema.getDirective(name)
  return directive && astNode ? getDirectiveValues(directive, astNode) : undefined
}

function defaultWeight({ type }: Field): number {
  return isLeafType(getNamedType(type)) ? 0 : 1
}

/** How long the list is that an operation asks for: at least 0. */
function sizeOf({ assumedSize, slicingArguments }: ListSize, args: Readonly<Record<string, unknown>>): number {
  for (const name of slicingArguments ?? []) {
    const value = args[name]
    if (typeof value === 'number') return Math.max(0, value)
    if (Array.isArray(value)) return value.length
  }
  return assumedSize ?? 1
}
