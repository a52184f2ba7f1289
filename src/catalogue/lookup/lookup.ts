import type { Revision } from '../../domain/history/revision.ts'
import { revisionKey } from '../../domain/history/revision.ts'
import { parseLookup } from '../../domain/lookup/lookup.ts'
import { answerLookup, inOrder, type LookupFinding } from '../../domain/lookup/lookup-answer.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { boundsOf, intervalAt, lifetimeOf } from '../../domain/view/lifetime.ts'
import { type RevisionRef, revisionRef } from '../../domain/view/view.ts'
import type { Catalogues } from '../catalogues.ts'
import { listedHeadsAt } from '../read/catalogue-list.ts'
import { lookupParts } from './lookup-parts.ts'

export interface LookedUp extends Omit<LookupFinding, 'addedIn' | 'removedIn'> {
  readonly addedIn: RevisionRef
  readonly removedIn?: RevisionRef
}

/** The places of a value, or the first of them. */
export interface LookedUpPart {
  readonly found: readonly LookedUp[]
  /** Whether there are more. */
  readonly hasMore: boolean
  /** The next instant at which the clock changes the answer. */
  readonly validUntil?: Instant
}

export interface LookupClocks {
  readonly seq: number
  readonly asOf?: Instant
  readonly instant: Instant
}

type Sources = Pick<Catalogues, 'store' | 'heads' | 'cache' | 'now'>

/**
 * Finds the places of a value, port or flow in all catalogues and all their history: those that are active, then retiring, planned and
 * retired ones, of these the newest end first. As soon as there are more active places than are asked for, nothing more is read.
 * @throws PortolanError `invalid_parameter`, `time_out_of_range`
 */
export async function lookUp(
  catalogues: Sources,
  text: string,
  clocks: LookupClocks,
  { offset, limit }: { readonly offset: number; readonly limit: number } = { offset: 0, limit: Number.MAX_SAFE_INTEGER }
): Promise<LookedUpPart> {
  const query = parseLookup(text)
  const heads = await listedHeadsAt(catalogues, clocks)
  const known = new Map(heads.map(({ revision }) => [revision.catalogue, revision.number]))
  const most = offset + limit
  const findings: LookupFinding[] = []
  let active = 0
  for await (const rows of lookupParts(catalogues, query)) {
    const part = answerLookup(query, rows, known, clocks.instant)
    findings.push(...part)
    active += part.filter(({ status }) => status === 'active').length
    if (active > most) break
  }
  const isPart = active > most
  const revisions = new Revisions(catalogues)
  const ends = isPart ? new Map<LookupFinding, Instant>() : await endsOf(findings, revisions)
  const shown = inOrder(findings, (finding) => ends.get(finding) ?? 0).slice(offset, most)
  const validUntil = isPart
    ? earliest(heads.map(({ revision }) => intervalAt(revision.transitions, clocks.instant).validUntil))
    : intervalAt(boundsOf(findings.flatMap(({ endpoint }) => (endpoint ? [lifetimeOf(endpoint)] : []))), clocks.instant)
        .validUntil
  const found: LookedUp[] = []
  for (const { addedIn, removedIn, ...finding } of shown) {
    const { catalogue } = finding
    found.push({
      ...finding,
      addedIn: revisionRef(await revisions.get(catalogue, addedIn)),
      ...(removedIn !== undefined && { removedIn: revisionRef(await revisions.get(catalogue, removedIn)) })
    })
  }
  return { found, hasMore: findings.length > most, ...(validUntil !== undefined && { validUntil }) }
}

function earliest(instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((instant) => instant !== undefined)
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.min(a, b))
}

/** When each retired place ended: with its lifetime, or with the revision that removed it. */
async function endsOf(
  findings: readonly LookupFinding[],
  revisions: Revisions
): Promise<ReadonlyMap<LookupFinding, Instant>> {
  const ends = new Map<LookupFinding, Instant>()
  for (const finding of findings) {
    const { status, endpoint, catalogue, removedIn } = finding
    if (status !== 'retired') continue
    const until = endpoint ? lifetimeOf(endpoint).until : undefined
    const removed = removedIn === undefined ? undefined : (await revisions.get(catalogue, removedIn)).publishedAt
    ends.set(finding, earliest([until, removed]) ?? 0)
  }
  return ends
}

/** Revisions that history names, each loaded once. */
class Revisions {
  readonly #catalogues: Pick<Catalogues, 'store' | 'heads'>
  readonly #known = new Map<string, Revision>()

  constructor(catalogues: Pick<Catalogues, 'store' | 'heads'>) {
    this.#catalogues = catalogues
  }

  async get(catalogue: string, number: number): Promise<Revision> {
    const id = revisionKey({ catalogue, number })
    const kept = this.#known.get(id)
    if (kept) return kept
    const { heads, store } = this.#catalogues
    const head = heads.get(catalogue)?.revision
    const revision = head?.number === number ? head : await store.revision(catalogue, number)
    if (!revision) throw new Error(`history names revision ${number} of ${catalogue}, which is not there`)
    this.#known.set(id, revision)
    return revision
  }
}
