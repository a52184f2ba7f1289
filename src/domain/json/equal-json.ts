/** Whether two JSON values say the same: the order of members does not matter, and a member that is undefined counts as absent. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && equalLists(a, b, equalJson)
  // Any object may be read by the names that it has.
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  // Authors choose names too, `constructor` among them: what an object inherits is not its own.
  for (const key in left) if (!equalJson(left[key], Object.hasOwn(right, key) ? right[key] : undefined)) return false
  for (const key in right) if (right[key] !== undefined && !Object.hasOwn(left, key)) return false
  return true
}

/**
 * Whether two JSON values have the same text: stricter than `equalJson`, since members must stand in the same order. History needs
 * this one, because it gives back each document byte for byte.
 */
export function identicalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && equalLists(a, b, identicalJson)
  const [names, others] = [Object.keys(a), Object.keys(b)]
  // Any object may be read by the names that it has.
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  return (
    names.length === others.length &&
    names.every((name, index) => name === others[index] && identicalJson(left[name], right[name]))
  )
}

function equalLists(
  a: readonly unknown[],
  b: readonly unknown[],
  equal: (left: unknown, right: unknown) => boolean
): boolean {
  return a.length === b.length && a.every((item, index) => equal(item, b[index]))
}
