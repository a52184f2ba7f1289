import { type Change, countChanges } from '../change/change.ts'
import { diff, diffFromNothing } from '../change/diff.ts'
import type { Document } from '../document/document.ts'
import { type Fault, PortolanError } from '../errors.ts'
import { maxEventChanges, type NewEvent } from '../event/event.ts'
import { clockEvent, type Due } from '../event/transition.ts'
import { chainLink, documentDigest } from '../history/digest.ts'
import type { GuardRail, Revision } from '../history/revision.ts'
import { type Rows, toRows } from '../history/rows.ts'
import { rowsBetween } from '../history/rows-between.ts'
import { type Step, stepBetween } from '../history/step.ts'
import { findAll } from '../json/span.ts'
import { formatInstant, type Instant } from '../time/instant.ts'
import { transitionsOf } from '../view/lifetime.ts'
import type { Draft } from './draft.ts'
import { guardRailFindings } from './guard-rail.ts'
import type { GuardRailFinding } from './guard-rail-finding.ts'
import { placedFindings, type WrittenText } from './written-finding.ts'

export interface PublishContext {
  readonly now: Instant
  readonly author?: string
  readonly authorKey?: string
  readonly reason?: string
  readonly overrides: readonly GuardRail[]
  readonly noticeDays: number
  /** The id of the event of the publish, if it comes to one. */
  readonly eventId: string
  /** The events of the head that are due by now and not logged yet, each with its id. They are logged before the publish. */
  readonly due: readonly (Due & { readonly eventId: string })[]
  /** `stale`: the precondition names another state than the head, so only an equal document passes. `absent`: there is none. */
  readonly precondition: 'holds' | 'stale' | 'absent'
}

export type Decision =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'publish'
      readonly revision: Revision
      readonly step: Step
      readonly changes: readonly Change[]
      readonly events: readonly NewEvent[]
    }

export interface HeadState {
  readonly revision: Revision
  readonly document: Document
}

/**
 * Decides what publishing a draft on top of the head does. Equal content is `unchanged` whatever the precondition says, so that a retry
 * after a lost answer is safe.
 * @throws PortolanError `invalid_document` for an impossible `publishedAt`, `guard_rail` with its findings.
 */
export function publish(head: HeadState | undefined, draft: Draft, context: PublishContext): Decision {
  const digest = documentDigest(draft.document)
  if (head && head.revision.digest === digest) return { kind: 'unchanged' }
  if (context.precondition === 'stale') return { kind: 'stale' }
  const { now } = context
  const publishedAt = draft.publishedAt ?? Math.max(now, head?.revision.publishedAt ?? now)
  const faults = publishedAtFaults(draft.publishedAt, head?.revision, now)
  if (faults.length > 0)
    throw new PortolanError('invalid_document', 'The document cannot be published at that time.', {
      faults: placedFaults(faults, draft.written)
    })
  const { before, after: rows }: { readonly before?: Rows; readonly after: Rows } = head
    ? rowsBetween(head.document, draft.document)
    : { after: toRows(draft.document) }
  const findings = guardRailFindings(before, rows, { at: publishedAt, days: context.noticeDays })
  refuseFindings(findings, context.overrides, draft.written)
  const changes = before ? diff({ rows: before }, { rows }, publishedAt).changes : diffFromNothing(rows, publishedAt)
  const revision = nextRevision(head?.revision, draft.document, rows, digest, publishedAt, changes, context)
  return {
    kind: 'publish',
    revision,
    step: stepBetween(before, rows),
    changes,
    events: [...(head ? clockEvents(head, context) : []), publishEvent(revision, changes, context)]
  }
}

function clockEvents({ revision, document }: HeadState, { now, due }: PublishContext): readonly NewEvent[] {
  if (due.length === 0) return []
  const state = { revision, rows: toRows(document) }
  return due.map((each) => clockEvent(state, each, { now, id: each.eventId }))
}

function publishedAtFaults(
  publishedAt: Instant | undefined,
  head: Revision | undefined,
  now: Instant
): readonly Fault[] {
  if (publishedAt === undefined) return []
  const pointer = '/edition/publishedAt'
  if (publishedAt > now)
    return [
      {
        pointer,
        code: 'published_in_future',
        detail: 'lies in the future: leave it out, and give the endpoints a from'
      }
    ]
  if (head && publishedAt < head.publishedAt) {
    return [
      {
        pointer,
        code: 'published_before_head',
        detail: `lies before revision ${head.number}, published at ${formatInstant(head.publishedAt)}`
      }
    ]
  }
  const transition = head?.transitions.filter((instant) => instant > head.recordedAt && instant <= now).at(-1)
  if (transition !== undefined && publishedAt < transition) {
    return [
      {
        pointer,
        code: 'published_before_transition',
        detail: `lies before the transition of ${formatInstant(transition)}, which subscribers were told of`
      }
    ]
  }
  return []
}

function placedFaults(faults: readonly Fault[], written: WrittenText | undefined): readonly Fault[] {
  if (!written) return faults
  const { source } = written
  const find = findAll(
    source,
    faults.map(({ pointer }) => pointer),
    new Set()
  )
  return faults.map((fault) => ({ ...fault, ...find(fault.pointer)?.place }))
}

function refuseFindings(
  findings: readonly GuardRailFinding[],
  overrides: readonly GuardRail[],
  written: WrittenText | undefined
): void {
  const open = findings.filter(({ rule }) => !overrides.includes(rule))
  if (open.length === 0) return
  const rules = [...new Set(open.map(({ rule }) => rule))]
  throw new PortolanError(
    'guard_rail',
    `Refused by ${rules.join(', ')}. Where it is meant, override each rule and give a reason.`,
    {
      extra: { findings: written ? placedFindings(open, written) : open }
    }
  )
}

function nextRevision(
  head: Revision | undefined,
  { id, edition }: Document,
  rows: Rows,
  digest: string,
  publishedAt: Instant,
  changes: readonly Change[],
  { now, author, authorKey, reason = edition.reason, overrides }: PublishContext
): Revision {
  const facts = {
    catalogue: id,
    number: (head?.number ?? 0) + 1,
    label: edition.label,
    publishedAt,
    // The clocks of two processes may differ.
    recordedAt: Math.max(now, head?.recordedAt ?? now),
    ...(author !== undefined && { author }),
    ...(authorKey !== undefined && { authorKey }),
    summary: edition.summary,
    ...(reason !== undefined && { reason }),
    reconstructed: edition.reconstructed ?? false,
    overrides: [...new Set(overrides)].sort(),
    digest
  }
  return {
    ...facts,
    // The digest covers it.
    ...(edition.source && { source: edition.source }),
    counts: countChanges(changes),
    chain: chainLink(head?.chain, facts),
    transitions: transitionsOf(rows)
  }
}

function publishEvent(revision: Revision, changes: readonly Change[], { now, eventId }: PublishContext): NewEvent {
  const { catalogue, number, label, digest, publishedAt, counts } = revision
  return {
    id: eventId,
    type: number === 1 ? 'catalogue.created' : 'catalogue.revision_published',
    catalogue,
    occurredAt: now,
    effectiveAt: publishedAt,
    lateByMs: 0,
    revision: { number, label, digest },
    counts,
    changes: changes.slice(0, maxEventChanges),
    truncated: changes.length > maxEventChanges
  }
}
