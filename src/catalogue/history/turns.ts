import type { Endpoint } from '../../domain/document/endpoint.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import type { NumberRange, StoredRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'

/** What the clock changes in a revision at one instant. */
export interface Turn {
  readonly instant: Instant
  readonly begins: readonly Endpoint[]
  readonly ends: readonly Endpoint[]
}

/** The turns of a revision after one instant, up to and including another, by time. They cost what turns, and not the whole document. */
export async function turnsOf(
  { store }: Pick<Catalogues, 'store'>,
  { catalogue, number, transitions }: StoredRevision,
  range: NumberRange
): Promise<readonly Turn[]> {
  const instants = transitions.filter((instant) => range.after < instant && instant <= range.upTo)
  const [first] = instants
  if (first === undefined) return []
  const rows = await store.endpointsTurning(catalogue, number, { after: first - 1, upTo: instants.at(-1) ?? first })
  const endpoints = rows.map(({ endpoint }) => endpoint)
  return instants.map((instant) => {
    const at = formatInstant(instant)
    return {
      instant,
      begins: endpoints.filter(({ from }) => from === at),
      ends: endpoints.filter(({ until }) => until === at)
    }
  })
}
