/** Deep equality of JSON values; absent and undefined members are the same. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => equalJson(item, b[index]))
    )
  }
  // Any object may be read by the names that it has.
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  // Authors choose names too, `constructor` among them: what an object inherits is not its own.
  for (const key in left) if (!equalJson(left[key], Object.hasOwn(right, key) ? right[key] : undefined)) return false
  for (const key in right) if (right[key] !== undefined && !Object.hasOwn(left, key)) return false
  return true
}
