import type { Rows } from './rows.ts'

/**
 * Which requirement of `before` each renamed requirement of `after` was: new key to old key. Within a document no two requirements
 * claim the same former key.
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
