import { type LookupQuery, parseLookup } from '../../domain/lookup/lookup.ts'
import { answerLookup, type LookupFinding, type LookupRows } from '../../domain/lookup/lookup-answer.ts'
import { indexQuery } from '../../domain/lookup/lookup-index.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { serviceMatches } from '../../domain/view/filter.ts'
import { type RevisionRef, revisionRef } from '../../domain/view/view.ts'
import type { Catalogues } from '../catalogues.ts'
import { listedHeadsAt } from '../read/catalogue-list.ts'

export interface LookedUp extends Omit<LookupFinding, 'addedIn' | 'removedIn'> {
  readonly addedIn: RevisionRef
  readonly removedIn?: RevisionRef
}

/**
 * Where a value, port or flow stands, over all catalogues and all of their history.
 * @throws PortolanError `invalid_parameter`, `time_out_of_range`
 */
export async function lookUp(
  catalogues: Catalogues,
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
    const id = `${catalogue}\n${number}`
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

/** A value is found by its index. A port is found by the requirements that use it, and then their endpoints. */
async function rowsFor({ store }: Catalogues, { target, port }: LookupQuery): Promise<LookupRows> {
  const asked = target === undefined ? [] : await store.findEndpoints(indexQuery(target))
  if (!port) return { endpoints: asked, requirements: await store.findRequirements(named(asked)) }
  const requirements = (await store.findRequirements()).filter(({ fields }) =>
    fields.services.some((service) => serviceMatches(service, [port.transport], [port.port]))
  )
  const using = requirements.map(({ catalogue, fields }) => ({ catalogue, key: fields.key }))
  if (target === undefined) return { endpoints: await store.findEndpointsOf(using), requirements }
  const unaddressed = await store.findUnaddressed()
  const wanted = new Set(using.map(({ catalogue, key }) => `${catalogue}\n${key}`))
  const endpoints = [...asked, ...unaddressed].filter(({ catalogue, requirement }) =>
    wanted.has(`${catalogue}\n${requirement}`)
  )
  return { endpoints, requirements }
}

function named(rows: LookupRows['endpoints']): readonly { readonly catalogue: string; readonly key: string }[] {
  const seen = new Map(
    rows.map(({ catalogue, requirement }) => [`${catalogue}\n${requirement}`, { catalogue, key: requirement }])
  )
  return [...seen.values()]
}

/** The next instant at which the clock alone changes one of the statuses found. */
export function lookupValidUntil(found: readonly LookedUp[], instant: Instant): Instant | undefined {
  const now = formatInstant(instant)
  const later = found
    .flatMap(({ endpoint }) => [endpoint?.from, endpoint?.until])
    .filter((text) => text !== undefined && Date.parse(text) > Date.parse(now))
  return later.length === 0 ? undefined : Math.min(...later.map((text) => Date.parse(text ?? '')))
}
