import type { Endpoint } from '../../domain/document/endpoint.ts'
import { compareText } from '../../domain/text.ts'
import { EndpointReader } from './endpoint-row.ts'
import { at, type EndpointTuple, type HistoryTuple } from './endpoint-tuple.ts'

/** The endpoints of each requirement, from tuples that come ordered by the bytes of their value and `from`. No tuple is kept. */
export class EndpointLists {
  readonly #reader = new EndpointReader()
  readonly #lists = new Map<string, Endpoint[]>()

  static of(tuples: Iterable<HistoryTuple>): EndpointLists {
    const lists = new EndpointLists()
    for (const tuple of tuples) lists.add(tuple)
    return lists
  }

  add(tuple: EndpointTuple | HistoryTuple): void {
    const endpoint = this.#reader.read(tuple)
    const requirement = tuple[at.requirement]
    const list = this.#lists.get(requirement)
    if (list) list.push(endpoint)
    else this.#lists.set(requirement, [endpoint])
  }

  /** The endpoints of a requirement in canonical order. */
  of(requirement: string): readonly Endpoint[] {
    return canonicalOrder(this.#lists.get(requirement) ?? [])
  }
}

/** Hosts come first, sorted by their text. For other kinds the order of their bytes is canonical already. */
function canonicalOrder(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const hosts = endpoints.filter((endpoint) => endpoint.kind === 'host')
  if (hosts.length === 0) return endpoints
  hosts.sort((a, b) => compareText(a.value, b.value))
  return [...hosts, ...endpoints.filter(({ kind }) => kind !== 'host')]
}
