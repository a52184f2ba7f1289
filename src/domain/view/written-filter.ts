import { type Status, statuses } from '../document/endpoint.ts'
import { PortolanError } from '../errors.ts'
import { canonicalTransport, isTransport } from '../network/protocol.ts'
import type { Filter } from './filter.ts'

/** A filter as people write it in a query or on a command line: external ids as `namespace:value`, and `all` for every status. */
export type WrittenFilter = Omit<Filter, 'externalId' | 'status'> & {
  readonly externalId?: readonly string[]
  readonly status?: readonly (Status | 'all')[]
}

/** Reads a filter that somebody wrote. @throws PortolanError `invalid_parameter` */
export function filterOf({
  catalogue,
  requirement,
  scope,
  direction,
  necessity,
  tag,
  transport,
  port,
  owner,
  component,
  externalId,
  kind,
  family,
  endpointTag,
  status
}: WrittenFilter): Filter {
  return {
    ...(catalogue && { catalogue }),
    ...(requirement && { requirement }),
    ...(scope && { scope }),
    ...(direction && { direction }),
    ...(necessity && { necessity }),
    ...(tag && { tag }),
    ...(transport && { transport: transport.map(transportOf) }),
    ...(port && { port }),
    ...(owner && { owner }),
    ...(component && { component }),
    ...(externalId && { externalId: externalId.map(externalIdOf) }),
    ...(kind && { kind }),
    ...(family && { family }),
    ...(endpointTag && { endpointTag }),
    ...(status && { status: statusesOf(status) })
  }
}

/** `ip/50` asks for `esp`. */
function transportOf(text: string): string {
  return isTransport(text) ? canonicalTransport(text) : text
}

function statusesOf(wanted: readonly (Status | 'all')[]): readonly Status[] {
  return wanted.includes('all') ? statuses : statuses.filter((status) => wanted.includes(status))
}

function externalIdOf(text: string): { readonly namespace: string; readonly value: string } {
  const colon = text.indexOf(':')
  if (colon > 0 && colon < text.length - 1) return { namespace: text.slice(0, colon), value: text.slice(colon + 1) }
  throw new PortolanError('invalid_parameter', `externalId=${text} must be namespace:value.`)
}
