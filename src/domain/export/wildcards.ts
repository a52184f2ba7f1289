import { PortolanError } from '../errors.ts'
import { addEntry, type ExportEntry, entryKey, type SliceEntries } from './export-entry.ts'
import type { Expression } from './expression.ts'

/** What a list of names does with wildcards: it leaves them out, or writes the name under the asterisk in their place. */
export const wildcardChoices = ['omit', 'apex'] as const
export type WildcardChoice = (typeof wildcardChoices)[number]

/**
 * What a format expresses with this choice.
 * @throws PortolanError `invalid_parameter` where it is no list, or has no wildcards
 */
export function expressionWith(
  {
    name,
    kind,
    expression
  }: { readonly name: string; readonly kind: 'list' | 'policy'; readonly expression: Expression },
  choice: WildcardChoice | undefined
): Expression {
  if (choice === undefined) return expression
  const { wildcard, ...targets } = expression.targets
  if (kind !== 'list' || wildcard === undefined)
    throw new PortolanError('invalid_parameter', `${name} is no list of names with wildcards: leave wildcards out.`)
  return { ...expression, targets: choice === 'apex' ? { ...targets, wildcard: 'subdomains_as_apex' } : targets }
}

/** The entries with the name under the asterisk in the place of each wildcard. */
export function asApex(slices: readonly SliceEntries[]): readonly SliceEntries[] {
  return slices.map(({ slice, entries }) => {
    const found = new Map<string, ExportEntry>()
    for (const entry of entries) {
      const { target } = entry
      const named: ExportEntry =
        target.kind === 'wildcard' ? { ...entry, target: { kind: 'host', value: target.value } } : entry
      addEntry(found, entryKey(named), named)
    }
    return { slice, entries: [...found.values()] }
  })
}
