import type { Change } from '../../domain/change/change.ts'
import { PortolanError } from '../../domain/errors.ts'
import { guardRails } from '../../domain/history/revision.ts'
import type { FeedRecord, Held } from '../../domain/polling/feed-record.ts'
import { afterAcceptance, newFeedRecord } from '../../domain/polling/feed-state.ts'
import type { Catalogues } from '../catalogues.ts'
import { type Precondition, type Published, publishDocument } from '../publishing/publish.ts'

/** A change of a list that waits for a person. */
export interface HeldChange {
  readonly held: Held
  /** What accepting it would change. */
  readonly changes: readonly Change[]
}

/** How long nobody else fetches while the change is published, in milliseconds. */
const leaseMs = 45_000

/** @throws PortolanError `not_found` where nothing is held */
export async function heldChange(catalogues: Catalogues, id: string): Promise<HeldChange> {
  const record = (await catalogues.store.feeds.all()).get(id)?.record
  const text = await catalogues.store.feeds.heldDocument(id)
  if (!record?.held || text === undefined) throw nothingHeld(id)
  const published = await publishDocument(catalogues, {
    catalogue: id,
    manuscript: manuscriptOf(id, text),
    precondition: { kind: 'any' },
    overrides: guardRails,
    isDryRun: true
  })
  return { held: record.held, changes: published.kind === 'unchanged' ? [] : published.changes }
}

export interface Acceptance {
  readonly id: string
  readonly reason: string
  /** The digest of the change that a person looked at; absent: whichever is held. */
  readonly digest?: string
  readonly author?: string
  readonly authorKey?: string
}

/**
 * Publishes the change that is held, exactly as it was shown, with overrides of the rules that refused it.
 * @throws PortolanError `not_found` where nothing is held; `precondition_failed` where another change is held by now, or the catalogue has
 * another revision than the one that it was judged against; `conflict` while the list is fetched
 */
export async function acceptHeld(catalogues: Catalogues, acceptance: Acceptance): Promise<Published> {
  const { id } = acceptance
  const { feeds } = catalogues.store
  const holder = Buffer.from(catalogues.random(16)).toString('hex')
  const now = catalogues.now()
  if (!(await feeds.all()).get(id)?.record.held) throw nothingHeld(id)
  const record = await feeds.claim({ first: newFeedRecord(id, now), holder, now, leaseMs })
  if (!record) throw new PortolanError('conflict', `The list of ${id} is being fetched: look again at what is held.`)
  let next: FeedRecord = record
  try {
    const text = await feeds.heldDocument(id)
    if (!record.held || text === undefined) throw nothingHeld(id)
    const published = await publishHeld(catalogues, acceptance, record.held, text)
    next = afterAcceptance(record, record.held, published.revision.number, now)
    return published
  } finally {
    await feeds.write(holder, next)
  }
}

async function publishHeld(
  catalogues: Catalogues,
  { id, reason, digest, author, authorKey }: Acceptance,
  held: Held,
  text: string
): Promise<Published> {
  if (digest !== undefined && digest !== held.content)
    throw new PortolanError('precondition_failed', `Another change of ${id} is held by now: look at it first.`)
  const precondition: Precondition =
    held.head === 0 ? { kind: 'create' } : { kind: 'match', isHead: ({ number }) => number === held.head }
  return publishDocument(catalogues, {
    catalogue: id,
    manuscript: manuscriptOf(id, text),
    precondition,
    overrides: [...new Set(held.findings.map(({ rule }) => rule))],
    reason,
    ...(author !== undefined && { author }),
    ...(authorKey !== undefined && { authorKey }),
    isDryRun: false
  })
}

function manuscriptOf(id: string, text: string) {
  return { bytes: Buffer.from(text), notation: 'json', id, isRewritten: true } as const
}

function nothingHeld(id: string): PortolanError {
  return new PortolanError('not_found', `Nothing of the feed ${id} is held.`)
}
