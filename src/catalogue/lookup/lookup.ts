import type { HistoryRow } from '../../domain/history/history.ts'
import { distinctNames, type RequirementName, requirementNameKey } from '../../domain/history/requirement-name.ts'
import { revisionKey } from '../../domain/history/revision.ts'
import { type LookupQuery, parseLookup } from '../../domain/lookup/lookup.ts'
import { answerLookup, type LookupFinding, type LookupRows } from '../../domain/lookup/lookup-answer.ts'
import { indexQuery } from '../../domain/lookup/lookup-index.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { serviceMatches } from '../../domain/view/filter.ts'
import { boundsOf, intervalAt, lifetimeOf } from '../../domain/view/lifetime.ts'
import { type RevisionRef, revisionRef } from '../../domain/view/view.ts'
import type { Catalogues } from '../catalogues.ts'
import { listedHeadsAt } from '../read/catalogue-list.ts'

export interface LookedUp extends Omit<LookupFinding, 'addedIn' | 'removedIn'> {
  readonly addedIn: RevisionRef
  readonly removedIn?: RevisionRef
}

/**
 * Finds the places of a value, port or flow in all catalogues and all their history.
 * @throws PortolanError `invalid_parameter`, `time_out_of_range`
 */
export async function lookUp(
  catalogues: Pick<Catalogues, 'store' | 'heads' | 'now'>,
  text: string,
  clocks: { readonly seq: number; readonly asOf?: Instant; readonly instant: Instant }
): Promise<readonly LookedUp[]> {
  const query = parseLookup(text)
  const known = new Map(
    (await listedHeadsAt(catalogues, clocks)).map(({ revision }) => [revision.catalogue, revision.number])
  )
  const findings = answerLookup(query, await rowsFor(catalogues, query), known, clocks.instant)
  const refs = new Map<string, RevisionRef>()
  const ref = async (catalogue: string, number: number): Promise<RevisionRef> => {
    const id = revisionKey({ catalogue, number })
    const kept = refs.get(id)
    if (kept) return kept
    const head = catalogues.heads.get(catalogue)?.revision
    const revision = head?.number === number ? head : await catalogues.store.revision(catalogue, number)
    if (!revision) throw new Error(`history names revision ${number} of ${catalogue}, which is not there`)
    const found = revisionRef(revision)
    refs.set(id, found)
    return found
  }
  const answer: LookedUp[] = []
  for (const { addedIn, removedIn, ...finding } of findings) {
    answer.push({
      ...finding,
      addedIn: await ref(finding.catalogue, addedIn),
      ...(removedIn !== undefined && { removedIn: await ref(finding.catalogue, removedIn) })
    })
  }
  return answer
}

/** The rows for a look-up. A value is found by its index, and a port by the requirements that use it, with their endpoints. */
async function rowsFor({ store }: Pick<Catalogues, 'store'>, { target, port }: LookupQuery): Promise<LookupRows> {
  const asked = target === undefined ? [] : await store.findEndpoints(indexQuery(target))
  if (!port)
    return { endpoints: asked, requirements: await store.findRequirements(distinctNames(asked.map(requirementOf))) }
  const requirements = (await store.findRequirements()).filter(({ fields }) =>
    fields.services.some((service) => serviceMatches(service, [port.transport], [port.port]))
  )
  const using = requirements.map(({ catalogue, fields }) => ({ catalogue, key: fields.key }))
  if (target === undefined) return { endpoints: await store.findEndpointsOf(using), requirements }
  const unaddressed = await store.findUnaddressed()
  const wanted = new Set(using.map(requirementNameKey))
  const endpoints = [...asked, ...unaddressed].filter((row) => wanted.has(requirementNameKey(requirementOf(row))))
  return { endpoints, requirements }
}

function requirementOf({ catalogue, requirement }: HistoryRow): RequirementName {
  return { catalogue, key: requirement }
}

/** The next instant at which the clock changes the status of one of the places found. */
export function lookupValidUntil(found: readonly LookedUp[], instant: Instant): Instant | undefined {
  const lifetimes = found.flatMap(({ endpoint }) => (endpoint ? [lifetimeOf(endpoint)] : []))
  return intervalAt(boundsOf(lifetimes), instant).validUntil
}
