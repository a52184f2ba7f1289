import Type, { type TSchema } from 'typebox'

/** Members that are not named are faults. */
export const closed = { additionalProperties: false }

/** A closed list of words. */
export const oneOfWords = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...(description !== undefined && { description }) })

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** One of these words, as a union of constants: a fault of a document names each of them. */
export const literals = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))))
