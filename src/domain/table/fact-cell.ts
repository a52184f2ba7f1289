import { directions, necessities, scopes } from '../document/document.ts'
import { suggestion } from '../nearest-name.ts'
import { slugOf } from '../slug.ts'

type Direction = (typeof directions)[number]
type Scope = (typeof scopes)[number]
type Necessity = (typeof necessities)[number]

/** What a cell says, or what is wrong with it; undefined where it says nothing. */
export type ReadCell<T> = T | { readonly detail: string } | undefined

const directionWords: readonly (readonly [RegExp, Direction])[] = [
  [
    /^(?:both(?: (?:ways|directions))?|bi-?directional|two[- ]way|in(?:bound)?\s*(?:\/|&|and|,|\+)\s*out(?:bound)?|out(?:bound)?\s*(?:\/|&|and|,|\+)\s*in(?:bound)?|<-+>|↔|⇄)$/,
    'both'
  ],
  [/^(?:out(?:bound|going)?|egress|-+>|→)$/, 'outbound'],
  [/^(?:in(?:bound|coming)?|ingress|<-+|←)$/, 'inbound']
]
const scopeWords: readonly (readonly [RegExp, Scope])[] = [
  [/^(?:external|internet|public|wan)$/, 'external'],
  [/^(?:internal|intranet|private|lan)$/, 'internal']
]
const necessityWords: readonly (readonly [RegExp, Necessity])[] = [
  [/^(?:required|mandatory|must|yes|y|true|x|✓|✔)$/, 'required'],
  [/^(?:optional|recommended|no|n|false)$/, 'optional'],
  [/^conditional$/, 'conditional']
]

export function readDirection(text: string): ReadCell<Direction> {
  return wordOf(text, directionWords, 'direction', directions)
}

export function readScope(text: string): ReadCell<Scope> {
  return wordOf(text, scopeWords, 'scope', scopes)
}

/** `Optional (for telemetry)` says a condition too. */
export function readNecessity(text: string): ReadCell<{ readonly necessity: Necessity; readonly condition?: string }> {
  const [, word = '', condition] = /^([^(:]*?)\s*(?:\(([^)]+)\)|:\s*(.+))?$/s.exec(text.trim()) ?? []
  const necessity = wordOf(word || text, necessityWords, 'necessity', necessities)
  if (necessity === undefined || typeof necessity !== 'string') return necessity
  return { necessity, ...(condition !== undefined && { condition }) }
}

/** What the heading of a section says of the rows below it: `Internal connections`, `Inbound`. */
export function readSection(text: string): { readonly scope?: Scope; readonly direction?: Direction } | undefined {
  const words = text.toLowerCase()
  const scope = /\bexternal\b/.test(words) ? 'external' : /\binternal\b/.test(words) ? 'internal' : undefined
  const direction = /\b(?:outbound|outgoing|egress)\b/.test(words)
    ? 'outbound'
    : /\b(?:inbound|incoming|ingress)\b/.test(words)
      ? 'inbound'
      : undefined
  if (!scope && !direction) return undefined
  return { ...(scope && { scope }), ...(direction && { direction }) }
}

export function readTags(text: string): readonly string[] {
  return [...new Set(text.split(/[,;\n]/).map(slugOf))].filter((tag) => tag !== '')
}

function wordOf<T extends string>(
  text: string,
  words: readonly (readonly [RegExp, T])[],
  what: string,
  names: readonly T[]
): ReadCell<T> {
  const plain = text.trim().toLowerCase()
  if (plain === '') return undefined
  const found = words.find(([pattern]) => pattern.test(plain))
  return found ? found[1] : { detail: `is no ${what}${suggestion(plain, names)}` }
}
