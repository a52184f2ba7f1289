/** `T` without the nulls of its members. In an input of GraphQL only members that may be absent may be null. */
export type WithoutNulls<T> = { readonly [K in keyof T]: Exclude<T[K], null> }

/** The members of an input that say something, in the order given: null says as little as a member that is absent. */
export function withoutNulls<const T extends object>(input: T): WithoutNulls<T> {
  const kept: Partial<T> = {}
  for (const key in input) if (input[key] !== null) kept[key] = input[key]
  // What is left out was null, and may therefore be absent.
  return kept as WithoutNulls<T>
}
