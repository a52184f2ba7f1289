import { type Endpoint, endpointValue } from '../../domain/document/endpoint.ts'
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

/** Names are sorted by their text, hosts before addresses, and patterns and URLs behind them. Of other kinds the order of bytes is canonical. */
function canonicalOrder(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const namesOf = (wanted: 'host' | 'pattern' | 'url') =>
    endpoints
      .filter((endpoint) => endpoint.kind === wanted)
      .sort((a, b) => compareText(endpointValue(a), endpointValue(b)))
  const lists = { host: namesOf('host'), pattern: namesOf('pattern'), url: namesOf('url') }
  if (Object.values(lists).every(({ length }) => length === 0)) return endpoints
  const others = endpoints.filter(({ kind }) => kind !== 'host' && kind !== 'pattern' && kind !== 'url')
  const addresses = others.filter(({ kind }) => kind === 'address')
  return [...lists.host, ...addresses, ...lists.pattern, ...lists.url, ...others.slice(addresses.length)]
}
