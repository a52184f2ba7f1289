import type { Document } from '../../domain/document/document.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { Validators } from '../../domain/feed/fetched.ts'
import type { SourcePart } from '../../domain/feed/gathering/gathering.ts'
import { agreement, listedDigest, type Observed, observe, seenSource } from '../../domain/feed/observe.ts'
import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import type { Accepted, FeedRecord, Held } from '../../domain/polling/feed-record.ts'
import type { FetchResult } from '../../domain/polling/feed-state.ts'
import { adapterOf, toldUrl, withoutQuery } from '../../domain/polling/polled-feed.ts'
import type { GuardRailFinding } from '../../domain/publishing/guard-rail-finding.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Head } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { publishDocument } from '../publishing/publish.ts'
import { loadDocument } from '../read/document.ts'
import type { ConfiguredFeed } from './feed-folder.ts'

/** A list that was fetched for a feed. Plain data: it crosses threads. */
export interface FetchedList {
  readonly feed: ConfiguredFeed
  readonly record: FeedRecord
  readonly bytes: Uint8Array
  /** What the provider publishes beside the list. */
  readonly parts?: readonly SourcePart[]
  /** Dates of the parts that are not after this instant are not taken. */
  readonly datesAfter?: Instant
  /** That of the bytes, and of those of the parts. */
  readonly digest: string
  readonly validators: Validators
  /** The digest of the URL that was asked. */
  readonly source: string
  readonly status?: number
  readonly at: Instant
}

export interface TakenIn {
  readonly result: FetchResult
  /** The document that a guard rail refused, as JSON. */
  readonly heldDocument?: string
}

/** Evaluates a JSONata expression on a value. `name`: what messages call it. */
export type EvaluateMap = (name: string, text: string, input: unknown) => Promise<unknown>

/** How often a list is judged anew where somebody else published meanwhile. */
const attempts = 3

/**
 * Takes a list into the catalogue of its feed: reads it, judges it against the head, lets it settle, and publishes what differs, or holds
 * what a guard rail refuses. What is no list is a result too.
 */
export async function takeIn(catalogues: Catalogues, list: FetchedList, evaluate?: EvaluateMap): Promise<TakenIn> {
  const { feed, bytes, parts, datesAfter, status } = list
  try {
    const source = withoutUndefined({ bytes, name: nameOf(feed), parts })
    const read = await adapterOf(feed.adapter).load()
    const { select, map: name = 'the map', mapText, mirrorOf } = feed
    const map = evaluate && mapText !== undefined ? (input: unknown) => evaluate(name, mapText, input) : undefined
    const imported = await read(source, withoutUndefined({ select, map, mirrorOf, datesAfter }))
    for (let attempt = 1; ; attempt += 1) {
      const taken = await judge(catalogues, list, (document) =>
        observe(
          withoutUndefined({
            adapter: adapterOf(feed.adapter),
            source: seenSource(source),
            imported,
            id: feed.id,
            url: toldUrl(feed),
            head: document,
            lastToken: list.record.token,
            at: list.at,
            lingerMs: feed.lingerMs
          })
        )
      )
      if (taken) return taken
      if (attempt === attempts)
        return failed('others published to the catalogue at the same time again and again', status)
    }
  } catch (error) {
    if (!(error instanceof PortolanError) || !['invalid_source', 'invalid_document'].includes(error.code)) throw error
    return failed(reasonOf(error, nameOf(feed)), status)
  }
}

/** What messages call the list. */
function nameOf({ url, mirror = '' }: ConfiguredFeed): string {
  return withoutQuery(url ?? mirror)
}

function failed(reason: string, status: number | undefined): TakenIn {
  return { result: withoutUndefined({ kind: 'failed' as const, reason, status }) }
}

/** The refusal in a sentence, with the first fault. */
function reasonOf(error: PortolanError, name: string): string {
  const [fault] = error.faults
  const said = error.message.replace(/\.$/, '')
  const detail = fault && !said.includes(fault.detail) ? `${said}: ${fault.detail}` : said
  return (detail.startsWith(name) ? `the list${detail.slice(name.length)}` : detail).slice(0, 500)
}

/** Undefined where somebody else published meanwhile. */
async function judge(
  catalogues: Catalogues,
  { feed, record, digest, validators, source, status, at }: FetchedList,
  observeOn: (document: Document | undefined) => Observed
): Promise<TakenIn | undefined> {
  await catalogues.heads.refresh()
  const head = catalogues.heads.get(feed.id)
  const observed = observeOn(head && (await loadDocument(catalogues, head.revision)))
  const answered = { source, validators, digest }
  switch (observed.kind) {
    case 'unchanged': {
      const accepted: Accepted = { ...answered, revision: head?.revision.number ?? 0 }
      return { result: withoutUndefined({ kind: 'unchanged' as const, accepted, token: observed.token, status }) }
    }
    case 'behind':
      return { result: withoutUndefined({ kind: 'behind' as const, token: observed.token, status }) }
    case 'changed': {
      const { document, listed } = observed
      const content = listedDigest(listed)
      const token = document.edition.source?.token
      // What is held has settled already.
      if (record.held?.content !== content) {
        const agreed = agreement(record.pending, { content, at }, feed.settleMs)
        if (agreed.kind === 'wait')
          return { result: withoutUndefined({ kind: 'settling' as const, pending: agreed.pending, token, status }) }
      }
      const text = JSON.stringify(document)
      const published = await publishOrFindings(catalogues, feed, text, head)
      if (published === undefined) return undefined
      if (typeof published === 'number') {
        const accepted: Accepted = { ...answered, revision: published }
        return { result: withoutUndefined({ kind: 'published' as const, accepted, token, status }) }
      }
      const since = record.held?.content === content ? record.held.since : at
      const held: Held = withoutUndefined({
        content,
        since,
        findings: published,
        token,
        head: head?.revision.number ?? 0,
        answered
      })
      return { result: withoutUndefined({ kind: 'held' as const, held, status }), heldDocument: text }
    }
    default:
      throw new Error(`unknown observation ${observed satisfies never}`)
  }
}

/** The number of the new revision, or the findings of the guard rails; undefined where somebody else published meanwhile. */
async function publishOrFindings(
  catalogues: Catalogues,
  { id }: ConfiguredFeed,
  text: string,
  head: Head | undefined
): Promise<number | readonly GuardRailFinding[] | undefined> {
  try {
    const { revision } = await publishDocument(catalogues, {
      catalogue: id,
      manuscript: { bytes: Buffer.from(text), notation: 'json', id, isRewritten: true },
      precondition: head
        ? { kind: 'match', isHead: ({ digest }) => digest === head.revision.digest }
        : { kind: 'create' },
      overrides: [],
      author: `feed:${id}`,
      isDryRun: false
    })
    return revision.number
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error
    if (error.code === 'precondition_failed') return undefined
    // The findings are those of the guard rails.
    if (error.code === 'guard_rail') return Object(error.extra).findings as readonly GuardRailFinding[]
    throw error
  }
}
