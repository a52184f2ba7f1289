import type { Revision } from '../history/revision.ts'
import type { Instant } from '../time/instant.ts'

/** What scripts know a revision by. Both numbers rise strictly from revision to revision. */
export interface EditionMark {
  readonly number: number
  readonly publishedAt: Instant
  /** `YYYYMMDDNN`, as Microsoft 365 counts its versions: the day in UTC, and a number within the day, from 00. */
  readonly version: number
  /** Unix seconds, as AWS counts its publications. */
  readonly syncToken: number
}

type Marked = Pick<Revision, 'number' | 'publishedAt' | 'transitions' | 'source'>

/** A revision with its mark. */
export interface MarkedRevision {
  readonly mark: EditionMark
  readonly revision: Marked
}

/** Marks revisions, ascending and without a gap, that follow one that is marked already, or begin a catalogue. */
export function markRevisions(
  previous: MarkedRevision | undefined,
  revisions: readonly Marked[]
): readonly MarkedRevision[] {
  const marked: MarkedRevision[] = []
  for (const revision of revisions) {
    const mark = markAfter(marked.at(-1) ?? previous, revision)
    marked.push({ mark, revision })
  }
  return marked
}

function markAfter(previous: MarkedRevision | undefined, revision: Marked): EditionMark {
  const { number, publishedAt, source } = revision
  const lastVersion = previous?.mark.version ?? 0
  const token = versionOf(source?.token)
  return {
    number,
    publishedAt,
    version: token > lastVersion ? token : Math.max(Number(utcDay(publishedAt)) * 100, lastVersion + 1),
    // A transition in the very millisecond of a publish is part of it.
    syncToken: Math.max(
      secondsOf(publishedAt),
      previous ? syncTokenAt(previous.mark, previous.revision.transitions, publishedAt - 1) + 1 : 0
    )
  }
}

/**
 * The token of a revision as the clock changes it: the later of its publication and its last transition up to an instant, in unix seconds.
 * Where two fall into one second, the later one gets the next. `transitions`: ascending.
 */
export function syncTokenAt(
  { publishedAt, syncToken }: EditionMark,
  transitions: readonly Instant[],
  upTo: Instant | undefined
): number {
  let token = syncToken
  if (upTo === undefined) return token
  for (const at of transitions) if (publishedAt < at && at <= upTo) token = Math.max(secondsOf(at), token + 1)
  return token
}

/** A version as it is written, with ten digits. */
export function versionText(version: number): string {
  return String(version).padStart(10, '0')
}

/** The day of an instant in UTC, as `YYYYMMDD`. */
export function utcDay(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 10).replaceAll('-', '')
}

function secondsOf(instant: Instant): number {
  return Math.max(0, Math.floor(instant / 1000))
}

/** The version that the token of a source is, or 0. Unix seconds have ten digits too, and are the day of no version. */
function versionOf(token: string | undefined): number {
  const [, month, day] = /^20\d\d(\d\d)(\d\d)\d\d$/.exec(token ?? '') ?? []
  const isDay = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31
  return isDay ? Number(token) : 0
}
