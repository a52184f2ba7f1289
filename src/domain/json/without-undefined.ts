type Optional<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T]
/** `T` with what may be undefined as what may be absent. */
export type WithoutUndefined<T> = { readonly [K in Exclude<keyof T, Optional<T>>]: T[K] } & {
  readonly [K in Optional<T>]?: Exclude<T[K], undefined>
}

/** The fields that have a value, in the order given: absent stays absent. */
export function withoutUndefined<const T extends object>(fields: T): WithoutUndefined<T> {
  const kept: Partial<T> = {}
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key]
  // Only what was undefined is left out, and that may be absent in `Present<T>`.
  return kept as WithoutUndefined<T>
}
