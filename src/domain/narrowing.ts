import Type from 'typebox'
import { namePattern } from './text.ts'

/**
 * The only catalogues that a key may touch: ids, and patterns such as `feed.*`, which name every id that begins with `feed.`. Sorted, each
 * once, so that equal narrowings are equal texts.
 */
export type Narrowing = readonly string[]

const mostPatterns = 100

/** As long as an id and what follows it in a pattern. */
const longestPattern = 102
const shape = `${namePattern.slice(0, -1)}(?:\\.\\*)?$`

const CataloguePatternSchema = Type.String({ minLength: 1, maxLength: longestPattern, pattern: shape })

export const NarrowingSchema = Type.Array(CataloguePatternSchema, {
  minItems: 1,
  maxItems: mostPatterns,
  examples: [['clearswift-exchange-gateway-4.8', 'feed.*']],
  description: 'The only catalogues that it may touch: ids, and `feed.*` for those that begin with `feed.`. Absent: all'
})

const patternShape = new RegExp(shape)

/** Whether a text is the id of a catalogue, or a pattern. */
export function isCataloguePattern(text: string): boolean {
  return text.length <= longestPattern && patternShape.test(text)
}

/** Patterns in canonical form. */
export function narrowingOf(patterns: readonly string[]): Narrowing {
  return [...new Set(patterns)].sort()
}

/** What the ids begin with that a pattern names; undefined where it is an id, which names itself only. */
export function prefixOf(pattern: string): string | undefined {
  return pattern.endsWith('.*') ? pattern.slice(0, -1) : undefined
}

/** Whether a narrowing names a catalogue. What is not narrowed names all. */
export function namesCatalogue(narrowing: Narrowing | undefined, catalogue: string): boolean {
  return narrowing === undefined || narrowing.some((pattern) => matches(pattern, catalogue))
}

/** Whether a pattern names nothing beyond a narrowing. */
export function isPatternWithin(narrowing: Narrowing, pattern: string): boolean {
  const prefix = prefixOf(pattern)
  if (prefix === undefined) return namesCatalogue(narrowing, pattern)
  return narrowing.some((each) => prefix.startsWith(prefixOf(each) ?? '\n'))
}

function matches(pattern: string, catalogue: string): boolean {
  const prefix = prefixOf(pattern)
  return prefix === undefined ? pattern === catalogue : catalogue.startsWith(prefix)
}
