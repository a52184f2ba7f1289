import type { NeededElsewhere } from '../../domain/change-pack/change-pack.ts'
import type { Closing } from '../../domain/change-pack/moves.ts'
import { type Flow, flowKey, flowPortText } from '../../domain/change-pack/needed-flow.ts'
import { groupBy, uniqueBy } from '../../domain/group.ts'
import type { Revision } from '../../domain/history/revision.ts'
import { AuditIndex } from '../../domain/lookup/audit-index.ts'
import { type Destination, readDestination } from '../../domain/lookup/destination.ts'
import type { Catalogues } from '../catalogues.ts'
import { rowsElsewhere } from '../lookup/audit-elsewhere.ts'

/** The most requirements of other catalogues that are named for one flow. */
const mostNamed = 20

/** What other catalogues need of the flows that would be closed, at the instant of the closing. */
export async function neededElsewhere(
  catalogues: Pick<Catalogues, 'store' | 'heads'>,
  revision: Revision,
  closes: readonly Closing[]
): Promise<NeededElsewhere> {
  const found = new Map<string, { readonly catalogue: string; readonly requirement: string }[]>()
  for (const [instant, group] of groupBy(closes, ({ at }) => at)) {
    const asked = group.flatMap(({ flow }) => {
      const destination = destinationOf(flow)
      return destination ? [{ flow, destination }] : []
    })
    const destinations = uniqueBy(
      asked.map(({ destination }) => destination),
      ({ value }) => value
    )
    const index = new AuditIndex(await rowsElsewhere(catalogues, destinations, [revision], instant))
    for (const { flow, destination } of asked) {
      const rows = index
        .slices(destination)
        .flatMap((slice) =>
          (['active', 'retiring', 'planned'] as const).flatMap((status) =>
            index.pick(slice, destination.port, status, mostNamed)
          )
        )
      const needs = rows
        .filter(
          ({ requirement: { direction } }) => [direction, 'both'].includes(flow.direction) || direction === 'both'
        )
        .map(({ catalogue, requirement }) => ({ catalogue, requirement: requirement.key }))
      if (needs.length > 0)
        found.set(
          flowKey(flow),
          [...uniqueBy(needs, ({ catalogue, requirement }) => `${catalogue}\n${requirement}`)].slice(0, mostNamed)
        )
    }
  }
  return found
}

/** A flow as audit reads it; absent where it is not about an address or a name. */
function destinationOf(flow: Flow): Destination | undefined {
  if (flow.kind !== 'address' && flow.kind !== 'host') return undefined
  const read = readDestination(flow.value, flowPortText(flow))
  return 'fault' in read ? undefined : read
}
