import type { Rows } from './rows.ts'

/**
 * The renamed requirements of `after`: their new keys, with their old keys in `before`. No two requirements of a document claim the same
 * former key.
 */
export function renames(before: Rows, after: Rows): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const gone = new Set(before.order)
  for (const key of after.order) gone.delete(key)
  if (gone.size === 0) return found
  for (const [key, { previousKeys }] of after.requirements) {
    if (before.requirements.has(key)) continue
    const old = previousKeys?.find((previous) => gone.has(previous))
    if (old !== undefined) found.set(key, old)
  }
  return found
}
