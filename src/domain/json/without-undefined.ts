type Optional<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T]
/** `T` in which a field that may be undefined may be absent instead. */
export type WithoutUndefined<T> = { readonly [K in Exclude<keyof T, Optional<T>>]: T[K] } & {
  readonly [K in Optional<T>]?: Exclude<T[K], undefined>
}

/** The fields that have a value, in the order given. A field that is undefined is left out. */
export function withoutUndefined<const T extends object>(fields: T): WithoutUndefined<T> {
  const kept: Partial<T> = {}
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key]
  // Only fields that were undefined are left out, and those may be absent in the result.
  return kept as WithoutUndefined<T>
}
