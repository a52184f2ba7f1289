import { isNamed, protocolNumber, type Transport } from '../../domain/network/protocol.ts'
import type { SomeResolvers } from '../resolvers.ts'

type Carried = { readonly transport: Transport }

const fields = { transport: transportWord, protocol: ({ transport }: Carried) => protocolNumber(transport) }

/** What carries a service, a slice or a row: GraphQL's words have no slash, so a protocol without a name is `other` and a number. */
export const transportFields = { Service: fields, Slice: fields, EndpointRow: fields } satisfies SomeResolvers<
  'Service' | 'Slice' | 'EndpointRow',
  'transport' | 'protocol'
>

function transportWord({ transport }: Carried) {
  return isNamed(transport) ? transport : 'other'
}
