import { uniqueBy } from '../group.ts'
import { families } from '../network/address.ts'
import { compareText } from '../text.ts'
import type { ExportEntry, SliceEntries } from './export-entry.ts'
import { type ExportSource, isSourceOf, sourcesText } from './export-source.ts'

/** An entry as rules say it that have a source, and what they cannot say of it. */
export interface Sourced {
  readonly entries: readonly ExportEntry[]
  readonly omitted?: 'family' | 'source_host'
}

/**
 * An entry for rules whose source and destination are of one family: an address has the sources of its family, and what may be of both is an
 * entry for each. `kinds`: what the format takes as a source; absent: it has no side for one, and the entry is for any.
 */
export function sourced(entry: ExportEntry, kinds: readonly ExportSource['kind'][] | undefined): Sourced {
  const { sources, ...unsourced } = entry
  if (!sources) return { entries: [entry] }
  if (!kinds) return { entries: [unsourced] }
  const said = sources.filter(({ kind }) => kinds.includes(kind))
  const { target } = entry
  const own = target.kind === 'address' ? [target.address.family] : families
  const entries = own
    .map((family) => said.filter((source) => isSourceOf(source, family)))
    .filter((found) => found.length > 0)
    .map((found) => ({ ...entry, sources: found }))
  const omitted = said.length < sources.length ? 'source_host' : entries.length === 0 ? 'family' : undefined
  return { entries: uniqueBy(entries, (each) => sourcesText(each.sources)), ...(omitted && { omitted }) }
}

/** The different own ends that the entries of slices have, each once. */
export function ownEndsOf(slices: readonly SliceEntries[]): readonly (readonly ExportSource[])[] {
  const found = slices.flatMap(({ entries }) => entries.flatMap(({ sources }) => (sources ? [sources] : [])))
  return [...uniqueBy(found, sourcesText)].sort((a, b) => compareText(sourcesText(a), sourcesText(b)))
}
