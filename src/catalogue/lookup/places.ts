import { kindAndValue } from '../../domain/document/endpoint.ts'
import type { Revision } from '../../domain/history/revision.ts'
import { revisionKey } from '../../domain/history/revision.ts'
import type { LookupQuery } from '../../domain/lookup/lookup.ts'
import { answerLookup, inOrder, type LookupFinding } from '../../domain/lookup/lookup-answer.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { boundsOf, intervalAt, lifetimeOf } from '../../domain/view/lifetime.ts'
import { type RevisionRef, revisionRef } from '../../domain/view/view.ts'
import type { Catalogues } from '../catalogues.ts'
import { listedHeadsAt } from '../read/catalogue-list.ts'
import { lookupParts } from './lookup-parts.ts'
import { standingReferences } from './standing-references.ts'

/** A place with the revisions that added and removed it. */
export interface LookedUp extends Omit<LookupFinding, 'addedIn' | 'removedIn'> {
  readonly addedIn: RevisionRef
  readonly removedIn?: RevisionRef
}

/** The clocks of a read over all catalogues. */
export interface LookupClocks {
  readonly seq: number
  readonly asOf?: Instant
  readonly instant: Instant
}

type Sources = Pick<Catalogues, 'store' | 'heads' | 'cache' | 'now'>

/** The places of a value in all catalogues, in the order in which they are answered. */
export interface Places {
  /** All of them, or so many that more than enough are active. */
  readonly findings: readonly LookupFinding[]
  /** When a retired place ended. Where not all are there, it is not known. */
  readonly endOf: (finding: LookupFinding) => Instant
  /** The next instant at which the clock changes the answer. */
  readonly validUntil?: Instant
  /** The same place with its revisions. */
  readonly withRevisions: (finding: LookupFinding) => Promise<LookedUp>
}

/**
 * Finds the places of some queries in all catalogues and all their history: those that are active, then retiring, planned and retired ones, of
 * these the newest end first. As soon as more than `enough` are active, nothing more is read.
 * @throws PortolanError `time_out_of_range`
 */
export async function findPlaces(
  catalogues: Sources,
  queries: readonly LookupQuery[],
  clocks: LookupClocks,
  enough: number
): Promise<Places> {
  const heads = await listedHeadsAt(catalogues, clocks)
  const known = new Map(heads.map(({ revision }) => [revision.catalogue, revision.number]))
  const references = await standingReferences(catalogues, heads)
  const places = new Map<string, LookupFinding>()
  let active = 0
  for (const query of queries) {
    for await (const rows of lookupParts(catalogues, query, references)) {
      for (const place of answerLookup(query, rows, known, clocks.instant)) {
        const key = queries.length === 1 ? String(places.size) : placeKey(place)
        if (places.has(key)) continue
        places.set(key, place)
        if (place.status === 'active') active += 1
      }
      if (active > enough) break
    }
    if (active > enough) break
  }
  const findings = [...places.values()]
  const isPart = active > enough
  const revisions = new Revisions(catalogues)
  const ends = isPart ? new Map<LookupFinding, Instant>() : await endsOf(findings, revisions)
  const validUntil = isPart
    ? earliest(heads.map(({ revision }) => intervalAt(revision.transitions, clocks.instant).validUntil))
    : intervalAt(boundsOf(findings.flatMap(({ endpoint }) => (endpoint ? [lifetimeOf(endpoint)] : []))), clocks.instant)
        .validUntil
  const endOf = (finding: LookupFinding) => ends.get(finding) ?? 0
  return {
    findings: inOrder(findings, endOf),
    endOf,
    ...(validUntil !== undefined && { validUntil }),
    withRevisions: async ({ addedIn, removedIn, ...finding }) => ({
      ...finding,
      addedIn: revisionRef(await revisions.get(finding.catalogue, addedIn)),
      ...(removedIn !== undefined && { removedIn: revisionRef(await revisions.get(finding.catalogue, removedIn)) })
    })
  }
}

/** A place that lies in two parts of a range, or covers both, is one. */
function placeKey({ catalogue, requirement, endpoint, addedIn, removedIn }: LookupFinding): string {
  return JSON.stringify([
    catalogue,
    requirement.key,
    endpoint && kindAndValue(endpoint),
    endpoint?.from,
    addedIn,
    removedIn
  ])
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
