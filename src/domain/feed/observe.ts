import { createHash } from 'node:crypto'
import type { Document } from '../document/document.ts'
import { canonicalPieces } from '../json/canonical-json.ts'
import { equalJson } from '../json/equal-json.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { formatInstant, type Instant } from '../time/instant.ts'
import type { Adapter } from './adapter.ts'
import { type FeedSource, type Imported, unreadableSource } from './adapter.ts'
import { mirroredDocument } from './catalogue/mirrored-document.ts'
import type { ReadRequirements } from './history/read-requirements.ts'
import { type Lingering, linger } from './lingering/linger.ts'
import { parseImported } from './parse-imported.ts'
import { stepSummary } from './step-summary.ts'
import { isEarlierToken, laterToken } from './token.ts'

/** The source of a list, without what was read of it. */
export interface SeenSource extends Pick<FeedSource, 'name'> {
  /** The SHA-256 of its bytes, as `sha256:` and lower-case hex. */
  readonly digest: string
}

export function seenSource({ name, bytes }: FeedSource): SeenSource {
  return { name, digest: digestOf([bytes]) }
}

/** A list as it was seen at an instant, and the catalogue that it becomes. */
export interface Sighting extends Lingering {
  readonly adapter: Pick<Adapter, 'name' | 'provider' | 'tokens' | 'url'>
  readonly source: SeenSource
  readonly imported: Imported
  /** The id of the catalogue. */
  readonly id: string
  /** Where the list is published; default the provider's own. Without one, the edition does not say where it came from. */
  readonly url?: string
  /** The document of the catalogue as it is, if there is one. */
  readonly head?: Document
  /** Of the states of one list: what was read of those before. */
  readonly known?: ReadRequirements
  /** The newest token that was seen, where it is later than that of the head: equal content leaves the head as it is. */
  readonly lastToken?: string
  /** What a person says of the catalogue and of its edition, in place of what the list would. */
  readonly said?: {
    readonly title?: string
    readonly vendor?: string
    readonly product?: string
    readonly version?: string
    readonly label?: string
    readonly summary?: string
  }
}

export type Observed =
  /** The list says what the head says. Its token is the newest all the same. */
  | { readonly kind: 'unchanged'; readonly token?: string }
  /** An older state of the list, from a cache: the token has gone back. */
  | { readonly kind: 'behind'; readonly token: string; readonly newest: string }
  /** `listed`: what the list says, without what the head has besides. */
  | { readonly kind: 'changed'; readonly document: Document; readonly listed: Document }

/**
 * Judges a list against the head, and makes the next document of it: requirements by key, ends of what is no longer listed, and what the
 * edition says of its source. The same bytes on the same head at the same instant make the same document, whichever way they came.
 * @throws PortolanError `invalid_source` with every value that cannot be taken
 */
export function observe(sighting: Sighting): Observed {
  const { adapter, imported, head, lastToken } = sighting
  const { token } = imported
  const listed = listedDocument(sighting)
  // A mirror takes what its origin says, with the ends that are told there.
  const { all, standing } = imported.mirrored
    ? { all: listed.requirements, standing: listed.requirements }
    : linger(head?.requirements ?? [], listed.requirements, sighting)
  if (head && saysTheSame(head, { ...listed, requirements: all })) return withoutUndefined({ kind: 'unchanged', token })
  const newest = laterToken(head?.edition.source?.token, lastToken)
  if (adapter.tokens === 'rising' && token !== undefined && newest !== undefined && isEarlierToken(token, newest))
    return { kind: 'behind', token, newest }
  if (imported.mirrored) return { kind: 'changed', document: listed, listed }
  const summary = sighting.said?.summary ?? stepSummary(head?.requirements, standing)
  const document = { ...listed, edition: { ...listed.edition, summary }, requirements: standing }
  return { kind: 'changed', document, listed }
}

/** What the list says, as a document of its own: without what the head has besides. */
function listedDocument(sighting: Sighting): Document {
  const { adapter, source, imported, id, url = adapter.url, head, at, said, known } = sighting
  const { token, time, mirrored } = imported
  if (mirrored) {
    if (url === undefined) throw unreadableSource(source, 'no_url', 'is a mirror of a catalogue whose URL is not known')
    return mirroredDocument(mirrored, withoutUndefined({ id, adapter: adapter.name, url, token }))
  }
  const {
    label = token?.slice(0, 100) ?? formatInstant(at).slice(0, 10),
    summary = 'What the list says.',
    ...names
  } = said ?? {}
  const from =
    url === undefined
      ? undefined
      : { adapter: adapter.name, url, token, time: time === undefined ? undefined : formatInstant(time) }
  const edition = withoutUndefined({
    label,
    summary,
    source: from && withoutUndefined({ ...from, digest: source.digest })
  })
  const profile = { ...(!head && adapter.provider), ...names }
  return parseImported(
    source,
    imported,
    withoutUndefined({ id, ...profile, announces: false, head, edition, known }),
    byKey(imported.requirements)
  )
}

function byKey(requirements: Imported['requirements']): Imported['requirements'] {
  const keys = new Map(requirements.map((requirement) => [requirement, String(requirement.key)]))
  return [...requirements].sort((a, b) => ((keys.get(a) ?? '') < (keys.get(b) ?? '') ? -1 : 1))
}

function saysTheSame(head: Document, document: Document): boolean {
  const { edition: _, ...before } = head
  const { edition: __, ...after } = document
  return equalJson(before, after)
}

/** The digest of what a list says: the same whenever it is seen, and whatever its token is. */
export function listedDigest({ edition: _, ...content }: Document): string {
  return digestOf(canonicalPieces(content))
}

function digestOf(pieces: Iterable<string | Uint8Array>): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return `sha256:${hash.digest('hex')}`
}

/** A change that waits for a second fetch that agrees. */
export interface PendingChange {
  /** The digest of what the list said. */
  readonly content: string
  readonly firstSeen: Instant
}

/**
 * Whether a change may be published: where two fetches that lie at least `settleMs` apart agree on it, and nothing else was seen between
 * them. Whoever sees equal content drops what is pending. `pending`: the change that waits; `seen`: what was seen now.
 */
export function agreement(
  pending: PendingChange | undefined,
  seen: { readonly content: string; readonly at: Instant },
  settleMs: number
): { readonly kind: 'agreed' } | { readonly kind: 'wait'; readonly pending: PendingChange } {
  const firstSeen = pending?.content === seen.content ? pending.firstSeen : seen.at
  if (seen.at - firstSeen >= settleMs) return { kind: 'agreed' }
  return { kind: 'wait', pending: { content: seen.content, firstSeen } }
}
