import type { Status } from '../../domain/document/endpoint.ts'
import { groupBy } from '../../domain/group.ts'
import type { ViewEndpoint } from '../../domain/view/view.ts'

/** A row of the paper: names, and the addresses beside them. */
export interface EndpointRowCells {
  readonly names: readonly ViewEndpoint[]
  readonly addresses: readonly ViewEndpoint[]
}

/** What holds for good comes first, and what ends after it. */
const order: readonly Status[] = ['active', 'planned', 'retiring', 'retired']

/** How many values one row holds on each side: a row is not split where a page is printed. */
const mostInRow = 40

/**
 * The rows of a requirement: a host on the row of the addresses that serve it, and what nothing pairs side by side in rows of their own. A
 * requirement without endpoints has one row, which is empty.
 */
export function endpointRows(endpoints: readonly ViewEndpoint[]): readonly EndpointRowCells[] {
  const group = new Map<ViewEndpoint, number>()
  const hosts = new Map<string, ViewEndpoint[]>()
  for (const endpoint of endpoints)
    if (endpoint.kind === 'host') hosts.set(endpoint.value, [...(hosts.get(endpoint.value) ?? []), endpoint])
  let next = 0
  for (const address of endpoints) {
    if (address.kind !== 'address') continue
    const served = (address.serves ?? []).flatMap((name) => hosts.get(name) ?? [])
    if (served.length === 0) continue
    const known = served.map((host) => group.get(host)).filter((number) => number !== undefined)
    const number = known[0] ?? next++
    // An address that serves hosts of two groups makes them one.
    if (known.some((other) => other !== number))
      for (const [member, of] of group) if (known.includes(of)) group.set(member, number)
    for (const member of [address, ...served]) group.set(member, number)
  }
  const members = groupBy(endpoints, (endpoint) => group.get(endpoint))
  const paired = [...members].flatMap(([number, each]) => (number === undefined ? [] : [rowOf(each)]))
  const alone = rowOf(members.get(undefined) ?? [])
  const length = Math.ceil(Math.max(alone.names.length, alone.addresses.length) / mostInRow)
  const rest = Array.from({ length }, (_, index) => {
    const [from, to] = [index * mostInRow, (index + 1) * mostInRow]
    return { names: alone.names.slice(from, to), addresses: alone.addresses.slice(from, to) }
  })
  const rows = [...paired, ...rest]
  return rows.length > 0 ? rows : [{ names: [], addresses: [] }]
}

function rowOf(endpoints: readonly ViewEndpoint[]): EndpointRowCells {
  const isName = ({ kind }: ViewEndpoint) => kind === 'host' || kind === 'pattern' || kind === 'url'
  const sorted = [...endpoints].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status))
  return { names: sorted.filter(isName), addresses: sorted.filter((endpoint) => !isName(endpoint)) }
}
