import { versionText } from '../../domain/shape/edition-mark.ts'
import type { SetFacts } from '../../domain/shape/endpoint-set.ts'
import type { ChangedValues, SetChange } from '../../domain/shape/set-change.ts'
import { m365Address } from './m365-set.ts'

interface Values {
  readonly ips?: readonly string[]
  readonly urls?: readonly string[]
}

/** A change as Microsoft 365 publishes its own. */
export interface M365Change {
  readonly id: number
  readonly endpointSetId: number
  readonly disposition: SetChange['disposition']
  readonly version: string
  readonly impact: M365Impact
  readonly previous?: Partial<SetFacts>
  readonly current?: Partial<SetFacts>
  readonly add?: { readonly effectiveDate: string } & Values
  readonly remove?: Values
}

export const m365Impacts = [
  'AddedIp',
  'AddedUrl',
  'AddedIpAndUrl',
  'RemovedIpOrUrl',
  'ChangedIsExpressRoute',
  'OtherNonPriorityChanges'
] as const
type M365Impact = (typeof m365Impacts)[number]

/** A change with its number among all changes of its catalogue. */
export function m365Change(change: SetChange, id: number): M365Change {
  const { setId, disposition, version, previous, current, add, remove } = change
  return {
    id,
    endpointSetId: setId,
    disposition,
    version: versionText(version),
    impact: impactOf(change),
    ...(previous && { previous }),
    ...(current && { current }),
    ...(add && { add: { effectiveDate: add.day, ...written(add) } }),
    ...(remove && { remove: written(remove) })
  }
}

/** What a client has to do about a change. What breaks traffic counts before what does not. */
function impactOf({ add, remove, previous, current }: SetChange): M365Impact {
  if (add) return add.urls.length === 0 ? 'AddedIp' : add.ips.length === 0 ? 'AddedUrl' : 'AddedIpAndUrl'
  if (remove) return 'RemovedIpOrUrl'
  if (previous?.expressRoute !== current?.expressRoute) return 'ChangedIsExpressRoute'
  return 'OtherNonPriorityChanges'
}

function written({ ips, urls }: ChangedValues): Values {
  return {
    ...(ips.length > 0 && { ips: ips.map(m365Address) }),
    ...(urls.length > 0 && { urls })
  }
}
