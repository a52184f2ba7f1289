import { type ExportEntry, entryKey, type SliceEntries, unionOf } from '../../domain/export/export-entry.ts'
import { type ExportSource, sourcesName } from '../../domain/export/export-source.ts'
import { compareText } from '../../domain/text.ts'

/** Who plays a role at a site, in all slices together; `self` is the product. */
export interface BoundRole {
  readonly name: string
  /** Never empty; each value once. */
  readonly entries: readonly ExportEntry[]
}

/** The roles of an export by name, and after them the product's own ends: `self`, or where rows differ in theirs one for each. */
export function boundRoles(
  slices: readonly SliceEntries[],
  own: readonly (readonly ExportSource[])[] = []
): readonly BoundRole[] {
  const entries = unionOf(slices)
  const names = [...new Set(entries.flatMap(({ roles = [] }) => roles))].sort(compareText)
  return [
    ...names.map((name) => ({ name, entries: entries.filter(({ roles = [] }) => roles.includes(name)) })),
    ...own.map((sources) => ({
      name: own.length === 1 ? 'self' : sourcesName(sources),
      entries: sources.map((target) => ({ target, status: 'active' as const, serves: [], requirements: [] }))
    }))
  ]
}

/** A slice in terms of roles: those whose every value is in it, and the entries that none of them has. */
export function inRoles(
  { slice, entries }: SliceEntries,
  roles: readonly BoundRole[]
): { readonly roles: readonly BoundRole[]; readonly rest: SliceEntries } {
  const known = new Set(unionOf([{ slice, entries }]).map(entryKey))
  const whole = roles.filter(
    (role) =>
      entries.some((entry) => entry.roles?.includes(role.name)) &&
      role.entries.every((entry) => known.has(entryKey(entry)))
  )
  const said = new Set(whole.flatMap((role) => role.entries.map(entryKey)))
  return {
    roles: whole,
    rest: { slice, entries: unionOf([{ slice, entries }]).filter((entry) => !said.has(entryKey(entry))) }
  }
}
