import type { CataloguePack } from '../../domain/change-pack/catalogue-pack.ts'
import { changePack } from '../../domain/change-pack/change-pack.ts'
import { flowSource } from '../../domain/change-pack/flow-source.ts'
import { movesBetween } from '../../domain/change-pack/moves.ts'
import { type PackQuestion, packId, type ResolvedSpan } from '../../domain/change-pack/question.ts'
import { riskOf } from '../../domain/change-pack/risk.ts'
import type { Since } from '../../domain/change-pack/since.ts'
import { type PackSpan, readSpan, type WrittenSpan } from '../../domain/change-pack/written-span.ts'
import { PortolanError } from '../../domain/errors.ts'
import { readWindow } from '../../domain/export/export-request.ts'
import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import type { Filter } from '../../domain/view/filter.ts'
import { filterOf, type WrittenFilter } from '../../domain/view/written-filter.ts'
import type { Head, StoredRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { productName } from '../heads.ts'
import { loadDocument } from '../read/document.ts'
import { pointAt, requireHead } from '../read/point.ts'
import { neededElsewhere } from './needed-elsewhere.ts'

export interface PackRequest {
  readonly span: PackSpan
  readonly filter: Filter
  /** How much earlier planned endpoints are opened, in milliseconds. */
  readonly lead?: number
  /** The filters and the lead as they were written: they are part of the id. */
  readonly written: Pick<PackQuestion, 'filters' | 'lead'>
}

/** A request as people write it in a query or on a command line. */
export type WrittenPackRequest = WrittenSpan & WrittenFilter & { readonly lead?: string }

/** @throws PortolanError `invalid_parameter`, `invalid_instant`, `unknown_tag` */
export function readPackRequest({ from, to, at, asOf, since, lead, ...filters }: WrittenPackRequest): PackRequest {
  const lengths = withoutUndefined({ lead })
  return {
    span: readSpan(withoutUndefined({ from, to, at, asOf, since })),
    filter: filterOf(filters),
    lead: readWindow(lengths).lead,
    written: { filters, ...lengths }
  }
}

interface Sides {
  readonly from: StoredRevision
  readonly to: StoredRevision
  readonly since: Instant
  readonly now: Instant
  /** From when on something can be opened: before that nobody knew of it. */
  readonly known: Instant
  readonly resolved: ResolvedSpan
}

/**
 * What a firewall that follows a catalogue has to do between two states of it, in steps with dates.
 * @throws PortolanError `not_found`, `unknown_revision`, `unknown_tag`, `time_out_of_range`, `invalid_parameter`
 */
export async function changePackOf(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>,
  catalogue: string,
  { span, filter, lead, written }: PackRequest
): Promise<CataloguePack> {
  const sides = await sidesOf(catalogues, catalogue, span)
  const { from, to, since, now, known, resolved } = sides
  const document = await loadDocument(catalogues, to)
  const before = flowSource(await loadDocument(catalogues, from), filter)
  const moves = movesBetween({ before, after: flowSource(document, filter), since, now })
  const elsewhere = await neededElsewhere(catalogues, to, moves.closes)
  const pack = changePack(moves, { known, elsewhere, ...(lead !== undefined && { lead }) })
  return {
    ...pack,
    id: packId({ catalogue, span: resolved, ...written }),
    subject: { kind: 'catalogue', id: catalogue },
    product: productName(document),
    ...(document.edition.reason !== undefined && { reason: document.edition.reason }),
    from,
    to,
    since,
    now,
    risk: riskOf(pack, before, since)
  }
}

async function sidesOf(
  catalogues: Pick<Catalogues, 'store' | 'heads' | 'now'>,
  catalogue: string,
  span: PackSpan
): Promise<Sides> {
  const head = requireHead(catalogues, catalogue)
  switch (span.kind) {
    case 'between': {
      const { revision: from } = await pointAt(catalogues, catalogue, { asOf: span.from })
      const { revision: to } = await pointAt(catalogues, catalogue, { asOf: span.to })
      const { publishedAt } = to
      return {
        from,
        to,
        since: publishedAt,
        now: publishedAt,
        known: publishedAt,
        resolved: { from: from.number, to: to.number }
      }
    }
    case 'at': {
      const { at, asOf } = span
      const { revision } = await pointAt(catalogues, catalogue, { asOf })
      requireTransition({ name: catalogue, ...revision }, at)
      return { from: revision, to: revision, since: at - 1, now: at, known: revision.publishedAt, resolved: { at } }
    }
    case 'since': {
      const { revision, instant } = await loaded(catalogues, head, span.since)
      const now = Math.max(instant, catalogues.now())
      return {
        from: revision,
        to: head.revision,
        since: instant,
        now,
        known: instant,
        resolved: { since: { revision: revision.number, at: instant } }
      }
    }
    default:
      throw new Error(`unknown kind of span: ${span satisfies never}`)
  }
}

/** @throws PortolanError `invalid_parameter` */
export function requireTransition(
  {
    name,
    number,
    transitions
  }: { readonly name: string; readonly number: number; readonly transitions: readonly Instant[] },
  at: Instant
): void {
  if (transitions.includes(at)) return
  const some = transitions.slice(-5).map(formatInstant)
  throw new PortolanError(
    'invalid_parameter',
    `at=${formatInstant(at)} is no transition of revision ${number} of ${name}: ${some.length > 0 ? `there are ${some.join(', ')}` : 'it has none'}.`
  )
}

/** The revision and the instant of what somebody loaded. */
async function loaded(
  { store }: Pick<Catalogues, 'store'>,
  head: Head,
  since: Since
): Promise<{ readonly revision: StoredRevision; readonly instant: Instant }> {
  const { catalogue } = head.revision
  if (since.kind === 'tag') {
    const { number, digest, transition } = since
    const known = number <= head.revision.number ? await store.revision(catalogue, number) : undefined
    if (!known?.digest.startsWith(`sha256:${digest}`))
      throw new PortolanError('unknown_tag', `The ETag of since names no revision of ${catalogue}.`)
    return { revision: known, instant: transition ?? known.publishedAt }
  }
  const [event] = await store.events({
    after: 0,
    upTo: since.seq,
    limit: 1,
    order: 'descending',
    catalogues: [catalogue],
    types: ['catalogue.created', 'catalogue.revision_published', 'catalogue.transitioned']
  })
  const revision = event && (await store.revision(catalogue, event.revision.number))
  if (revision) return { revision, instant: event.effectiveAt }
  throw new PortolanError('time_out_of_range', `Up to seq ${since.seq} nothing of ${catalogue} had been published.`)
}
