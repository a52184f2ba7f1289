import Type, { type TSchema } from 'typebox'

/** For objects in which a member that the schema does not name is a fault. */
export const closed = { additionalProperties: false }

/** A closed list of words. */
export const oneOfWords = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...(description !== undefined && { description }) })

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** One of these words, as a union of constants, so that a fault of a document can list them. */
export const literals = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))))

/** A schema with what people and editors are told of a field: one sentence, and how it is written; without examples, those of the schema. */
export function noted<T extends TSchema>(schema: T, description: string, ...examples: readonly unknown[]): T {
  return { ...schema, description, ...(examples.length > 0 && { examples }) }
}
