import type { Change } from '../../domain/change/change.ts'
import type { Document } from '../../domain/document/document.ts'
import { PortolanError } from '../../domain/errors.ts'
import { eventId } from '../../domain/event/ulid.ts'
import type { GuardRail, Revision } from '../../domain/history/revision.ts'
import { decide } from '../../domain/publishing/decide.ts'
import type { Draft, Manuscript } from '../../domain/publishing/draft.ts'
import type { Decision, PublishContext } from '../../domain/publishing/publish.ts'
import { documentTags } from '../../domain/read/document-tag.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { firstChanges } from '../../render/history/revision-json.ts'
import type { Head, StoredRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { type DueEvent, dueEvents } from '../event/transitions.ts'
import { compare } from '../history/compare.ts'
import { documentJson, loadDocument, rememberDocument } from '../read/document.ts'
import { requireHead } from '../read/point.ts'

/** What the head must be for a publish to go ahead. */
export type Precondition =
  /** There must be no catalogue yet. */
  | { readonly kind: 'create' }
  /** The head must be the one that the client knows. `revision`: its number, if the client said it. */
  | { readonly kind: 'match'; isHead(head: Revision): boolean; readonly revision?: number }
  /** The head may be any. */
  | { readonly kind: 'any' }
  /** The client said nothing, and is refused. */
  | { readonly kind: 'absent' }

export interface PublishRequest {
  readonly catalogue: string
  /** What an author sent, or what was made here, in canonical form. */
  readonly manuscript: Manuscript | Draft
  readonly precondition: Precondition
  readonly overrides: readonly GuardRail[]
  readonly reason?: string
  readonly author?: string
  readonly authorKey?: string
  readonly isDryRun: boolean
}

export type Published =
  | { readonly kind: 'unchanged'; readonly revision: StoredRevision }
  | {
      readonly kind: 'published'
      readonly revision: Revision
      readonly changes: readonly Change[]
      readonly seq: number
    }
  | { readonly kind: 'would_publish'; readonly revision: Revision; readonly changes: readonly Change[] }

/** The precondition of `If-Match`: the head is one of the documents that the tags name, or any document if a tag is `*`. */
export function preconditionOfTags(tags: readonly string[]): Precondition {
  const [revision] = tags.flatMap((tag) => /^\d+(?=-)/.exec(tag) ?? []).map(Number)
  return {
    kind: 'match',
    isHead: (head) => tags.includes('*') || documentTags(head).some((tag) => tags.includes(tag)),
    ...(revision !== undefined && { revision })
  }
}

/** How often a publish is decided when other publishers are faster. With a precondition the second decision refuses it. */
const attempts = 20

/**
 * Publishes a document: loads the head, decides, and commits. On return the revision is durable and in the log, and the next read in this
 * process sees it.
 * @throws PortolanError `malformed_body`, `precondition_failed`, `invalid_document`, `guard_rail`, `conflict`
 */
export async function publishDocument(catalogues: Catalogues, request: PublishRequest): Promise<Published> {
  // What is refused, or equal to the head, is so for the newest head that there is.
  await catalogues.heads.refresh()
  const done = await attempt(catalogues, request)
  // Whoever has been overtaken waits for a turn: publishers who race would else all begin again, and some never win.
  return done ?? catalogues.store.inTurn(`publish ${request.catalogue}`, () => persevere(catalogues, request))
}

async function persevere(catalogues: Catalogues, request: PublishRequest): Promise<Published> {
  for (let count = 0; count < attempts; count += 1) {
    await catalogues.heads.refresh()
    const done = await attempt(catalogues, request)
    if (done) return done
  }
  throw new PortolanError(
    'conflict',
    `Other publishers of ${request.catalogue} were faster ${attempts} times. Try again.`
  )
}

/** Undefined where another publisher was faster. */
async function attempt(catalogues: Catalogues, request: PublishRequest): Promise<Published | undefined> {
  const head = catalogues.heads.get(request.catalogue)
  const now = catalogues.now()
  const due = head ? await dueEvents(catalogues, head, now) : []
  const state = head && { revision: head.revision, document: await loadDocument(catalogues, head.revision) }
  const { decision, document } = decide(state, request.manuscript, contextOf(catalogues, request, { head, now, due }))
  return carryOut(catalogues, request, head, decision, document)
}

function contextOf(
  { random, noticeDays }: Pick<Catalogues, 'random' | 'noticeDays'>,
  request: PublishRequest,
  { head, now, due }: { readonly head: Head | undefined; readonly now: Instant; readonly due: readonly DueEvent[] }
): PublishContext {
  return {
    now,
    ...(request.author !== undefined && { author: request.author }),
    ...(request.authorKey !== undefined && { authorKey: request.authorKey }),
    ...(request.reason !== undefined && { reason: request.reason }),
    overrides: request.overrides,
    noticeDays,
    eventId: eventId(now, random(10)),
    due,
    precondition: judgePrecondition(request.precondition, head)
  }
}

function judgePrecondition(precondition: Precondition, head: Head | undefined): PublishContext['precondition'] {
  switch (precondition.kind) {
    case 'create':
      return head ? 'stale' : 'holds'
    case 'match':
      return head && precondition.isHead(head.revision) ? 'holds' : 'stale'
    case 'any':
      return 'holds'
    case 'absent':
      return 'absent'
    default:
      throw new Error(`unknown precondition ${precondition satisfies never}`)
  }
}

/** Carries out a decision; undefined where another publisher was faster. */
async function carryOut(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now' | 'logCounters'>,
  request: PublishRequest,
  head: Head | undefined,
  decision: Decision,
  document: Document | undefined
): Promise<Published | undefined> {
  switch (decision.kind) {
    case 'unchanged':
      return { kind: 'unchanged', revision: requireHead(catalogues, request.catalogue).revision }
    case 'stale':
      throw await preconditionFailed(catalogues, request, head)
    case 'publish': {
      const { revision, step, changes, events } = decision
      if (request.isDryRun) return { kind: 'would_publish', revision, changes }
      const publication = { revision, step, events, ...(head && { knownSeq: head.seq }) }
      const outcome = await catalogues.store.commit(publication)
      if (outcome.kind === 'conflict') {
        catalogues.logCounters.addConflicts(1)
        return undefined
      }
      catalogues.logCounters.add(events)
      if (document) rememberDocument(catalogues, revision, document)
      await catalogues.heads.refresh()
      return { kind: 'published', revision, changes, seq: outcome.lastSeq }
    }
    default:
      throw new Error(`unknown decision ${decision satisfies never}`)
  }
}

/** The refusal of a stale precondition. It has the difference between the revision that the client knows and the head. */
async function preconditionFailed(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>,
  { catalogue, precondition }: PublishRequest,
  head: Head | undefined
): Promise<PortolanError> {
  if (!head)
    return new PortolanError(
      'precondition_failed',
      `There is no catalogue ${catalogue} yet: create it with If-None-Match: *.`
    )
  const { number, label, digest } = head.revision
  const extra = { head: { number, label, digest } }
  if (precondition.kind === 'create') {
    return new PortolanError(
      'precondition_failed',
      `${catalogue} exists, at revision ${number}: change it with If-Match and the ETag of its document.`,
      { extra }
    )
  }
  const known = precondition.kind === 'match' ? precondition.revision : undefined
  if (known === undefined || known < 1 || known > number) {
    return new PortolanError(
      'precondition_failed',
      `The tag is not the one of ${catalogue}'s document at revision ${number}.`,
      { extra }
    )
  }
  const path = `/v1/catalogues/${catalogue}/diff?from=${known}&to=${number}`
  const { changes, edition } = await compare(
    catalogues,
    catalogue,
    { asOf: { kind: 'number', number: known } },
    { asOf: { kind: 'number', number } }
  )
  return new PortolanError(
    'precondition_failed',
    `${catalogue} moved on from revision ${known} to ${number} meanwhile: look at the difference, and try again with its newest tag.`,
    {
      extra: {
        ...extra,
        diff: { from: known, to: number, ...(edition && { edition }), ...firstChanges(changes, path) }
      }
    }
  )
}

export interface RestoreRequest extends Omit<PublishRequest, 'manuscript'> {
  readonly number: number
}

/** Rolls a catalogue back: publishes the document of an earlier revision as a new revision. */
export async function restoreRevision(
  catalogues: Catalogues,
  { number, ...request }: RestoreRequest
): Promise<Published> {
  const bytes = await documentJson(catalogues, { catalogue: request.catalogue, number })
  return publishDocument(catalogues, { ...request, manuscript: { bytes, notation: 'json', id: request.catalogue } })
}
