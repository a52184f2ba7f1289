import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType
} from 'graphql'
import type { Context } from '../reading/context.ts'

type Resolve = GraphQLFieldResolver<unknown, Context>

/** Types of which an operation may meet one object many times, and whose fields with arguments look through long lists. */
const metOften: readonly string[] = ['Catalogue', 'Requirement']

/**
 * Bounds what the fields of a schema make of an operation, whichever way leads to them: each object that a field answers is counted, and a
 * field with arguments looks through the same list once, however often it is asked for the same.
 */
export function boundFields(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) {
      if (metOften.includes(type.name) && field.args.length > 0) field.resolve = remembered(field)
      const named = getNamedType(field.type)
      if (isCompositeType(named)) field.resolve = counted(field, objectsIn)
      else if (named.name === 'JSON') field.resolve = counted(field, objectsWithin)
      else if (isListType(getNullableType(field.type))) field.resolve = counted(field, shareOfValues)
    }
  }
}

/** The same field, which counts what it answers. Past the limit it answers nothing more, and asks nobody. */
function counted(
  { resolve = defaultFieldResolver, type }: GraphQLField<unknown, Context>,
  count: typeof objectsIn
): Resolve {
  const isNullable = !isNonNullType(type)
  return (source, args, context, info) => {
    const { objects } = context
    // An error costs more than the object that it stands for.
    if (objects.isExceeded && isNullable) return null
    objects.add(0)
    const add = (value: unknown) => {
      objects.add(count(value))
      return value
    }
    const value: unknown = resolve(source, args, context, info)
    return value instanceof Promise ? value.then(add) : add(value)
  }
}

/** The same field, which answers once for each object and arguments of an operation. */
function remembered({ name, resolve = defaultFieldResolver }: GraphQLField<unknown, Context>): Resolve {
  return (source, args, context, info) =>
    // Fields are resolved of objects only.
    context.snapshot.memory.once(source as object, `${name}\n${JSON.stringify(args)}`, () =>
      resolve(source, args, context, info)
    )
}

function objectsIn(value: unknown): number {
  if (Array.isArray(value)) return value.length
  return value === null || value === undefined ? 0 : 1
}

/** Ten texts or numbers of a list count as one object. */
function shareOfValues(value: unknown): number {
  return objectsIn(value) / 10
}

/** How many objects and lists a JSON value consists of. */
function objectsWithin(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, member) => sum + objectsWithin(member), 1)
}
