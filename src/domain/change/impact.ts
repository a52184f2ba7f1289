import type { RequirementFields } from '../document/document.ts'
import { type Endpoint, endpointValue, type Status, valueKey } from '../document/endpoint.ts'
import { forEachRow, type Rows } from '../history/rows.ts'
import { isWithin } from '../network/network-service.ts'
import type { Instant } from '../time/instant.ts'
import { isLive, mostAlive, statusAt } from '../view/lifetime.ts'
import type { Impact } from './change.ts'

/** The statuses of some values over all requirements, as a firewall sees them that knows no requirements. */
export class Union {
  readonly #statuses = new Map<string, Status>()

  /** `values`: those that will be asked for, so that a large document costs no more than a look at each row. */
  constructor(rows: Pick<Rows, 'endpoints' | 'standing'>, instant: Instant, values: ReadonlySet<string>) {
    if (values.size === 0) return
    forEachRow(rows, (_, endpoint) => {
      if (!values.has(endpointValue(endpoint))) return
      const key = valueKey(endpoint)
      this.#statuses.set(key, mostAlive(this.#statuses.get(key), statusAt(endpoint, instant)))
    })
  }

  isLive(endpoint: Endpoint): boolean {
    return isLive(this.#statuses.get(valueKey(endpoint)))
  }
}

export interface Unions {
  readonly before: Union
  readonly after: Union
}

/** An endpoint with the status of its own row, whatever the status of its value in other rows. */
export interface RowState {
  readonly endpoint: Endpoint
  readonly status: Status
}

/** The impact of a change of one endpoint row. A side is undefined where the row does not exist. */
export function endpointImpact(unions: Unions, before: RowState | undefined, after: RowState | undefined): Impact {
  const endpoint = after?.endpoint ?? before?.endpoint
  if (!endpoint) return 'informs'
  const [was, is] = [unions.before.isLive(endpoint), unions.after.isLive(endpoint)]
  if (!was && is) return 'opens'
  if (was && !is) return 'closes'
  if (!before || !after) return (before ?? after)?.status === 'planned' ? 'announces' : 'informs'
  const moved = before.endpoint.from !== after.endpoint.from || before.endpoint.until !== after.endpoint.until
  return moved && boundsAhead(before) !== boundsAhead(after) ? 'announces' : 'informs'
}

/** The bounds of a lifetime that are still to come. */
function boundsAhead({ endpoint: { from = '', until = '' }, status }: RowState): string {
  return `${status === 'planned' ? from : ''} ${status === 'retired' ? '' : until}`
}

/** The impact of a change of the fields of a requirement: it opens if anything new gets through, and closes if anything no longer does. */
export function requirementImpact(before: RequirementFields, after: RequirementFields): Impact {
  const turned = before.direction !== after.direction
  if (before.scope !== after.scope || (turned && before.direction !== 'both')) return 'opens'
  if (!after.services.every((service) => isWithin(service, before.services))) return 'opens'
  return turned || !before.services.every((service) => isWithin(service, after.services)) ? 'closes' : 'informs'
}
