import type { Impact } from './change.ts'
import type { RequirementFields } from './document.ts'
import { type Endpoint, endpointValue, type Status } from './endpoint.ts'
import type { Instant } from './instant.ts'
import { isLive, mostAlive, statusAt } from './lifetime.ts'
import type { Rows } from './rows.ts'
import { same } from './same.ts'

/** The status of every value of a document, over all requirements: what a firewall that knows no requirements sees. */
export class Union {
  readonly #statuses = new Map<string, Status>()

  constructor({ endpoints }: Pick<Rows, 'endpoints'>, instant: Instant) {
    for (const rows of endpoints.values()) {
      for (const { endpoint } of rows) {
        const key = unionKey(endpoint)
        this.#statuses.set(key, mostAlive(this.#statuses.get(key), statusAt(endpoint, instant)))
      }
    }
  }

  isLive(endpoint: Endpoint): boolean {
    return isLive(this.#statuses.get(unionKey(endpoint)))
  }

  /** The values that hold. */
  live(): ReadonlySet<string> {
    const values = new Set<string>()
    for (const [key, status] of this.#statuses) if (isLive(status)) values.add(key)
    return values
  }
}

function unionKey(endpoint: Endpoint): string {
  return `${endpoint.kind}\n${endpointValue(endpoint)}`
}

export interface Unions {
  readonly before: Union
  readonly after: Union
}

/** What a change of one endpoint row means for a firewall. `status` is that of the row itself on each side, where it is there. */
export function endpointImpact(
  unions: Unions,
  before: { readonly endpoint: Endpoint; readonly status: Status } | undefined,
  after: { readonly endpoint: Endpoint; readonly status: Status } | undefined
): Impact {
  const endpoint = after?.endpoint ?? before?.endpoint
  if (!endpoint) return 'informs'
  const [was, is] = [unions.before.isLive(endpoint), unions.after.isLive(endpoint)]
  if (!was && is) return 'opens'
  if (was && !is) return 'closes'
  if (!before || !after) return (before ?? after)?.status === 'planned' ? 'announces' : 'informs'
  const moved = before.endpoint.from !== after.endpoint.from || before.endpoint.until !== after.endpoint.until
  return moved ? 'announces' : 'informs'
}

/** What a change of a requirement's own fields means: more services or another direction open, fewer close. */
export function requirementImpact(before: RequirementFields, after: RequirementFields): Impact {
  if (before.direction !== after.direction || before.scope !== after.scope) return 'opens'
  const more = after.services.some((service) => !before.services.some((old) => same(old, service)))
  if (more) return 'opens'
  return before.services.length > after.services.length ? 'closes' : 'informs'
}
