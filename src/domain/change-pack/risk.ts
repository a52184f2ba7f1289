import { storedAddress } from '../network/address.ts'
import { compareText } from '../text.ts'
import type { Instant } from '../time/instant.ts'
import type { ChangePack } from './change-pack.ts'
import { type FlowSource, flowPortText, flowsOf, spanAt } from './needed-flow.ts'
import { rowPorts } from './row-ports.ts'

/** How much a change pack opens. */
export interface Risk {
  readonly hosts: number
  readonly addresses: number
  /** The broadest prefix that is opened, as `/24`, of IPv4 where there are both; absent where no address is. */
  readonly widest?: string
  /** Ports that nothing used in that direction before, as `outbound tcp/443`. */
  readonly newPorts: readonly string[]
}

/** `before`: what they have, as it held at `since`. */
export function riskOf({ steps }: Pick<ChangePack, 'steps'>, before: FlowSource, since: Instant): Risk {
  const rows = steps.flatMap((step) => (step.do === 'open' ? step.rows : []))
  const values = (kind: string) => [...new Set(rows.filter((row) => row.kind === kind).map(({ value }) => value))]
  const addresses = values('address')
  const prefixes = addresses
    .map((value) => storedAddress(value))
    .sort((a, b) => compareText(a.family, b.family) || a.prefix - b.prefix)
  const known = new Set(
    [...flowsOf(before).values()]
      .filter(({ spans }) => spanAt(spans, since))
      .map(({ flow }) => `${flow.direction} ${flowPortText(flow)}`)
  )
  const ports = new Set(
    rows.flatMap((row) => rowPorts(row).map((port) => `${row.direction} ${port}`)).filter((port) => !known.has(port))
  )
  return {
    hosts: values('host').length,
    addresses: addresses.length,
    ...(prefixes[0] && { widest: `/${prefixes[0].prefix}` }),
    newPorts: [...ports].sort(compareText)
  }
}
