import Type from 'typebox'
import type { Family } from './address.ts'

/** The number of each protocol that has a name here, in IANA's registry of protocol numbers. */
const protocolNumbers = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  ospf: 89,
  vrrp: 112,
  sctp: 132
} as const

/**
 * The transports with a name, in canonical order. New names come last, before `ip/N`, so that the services of documents keep their order
 * and their digests.
 */
export const transportNames = [
  'tcp',
  'udp',
  'sctp',
  'icmp',
  'any',
  'dccp',
  'icmpv6',
  'igmp',
  'gre',
  'esp',
  'ah',
  'ipip',
  'ospf',
  'vrrp'
] as const
export type TransportName = (typeof transportNames)[number]

/** `ip/97` is IANA's protocol of that number, which has no name here. */
export type Transport = TransportName | `ip/${number}`

const numberPattern = '^ip/(?:[0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])$'

const transportNotes = {
  description: `one of ${transportNames.join(', ')}, or ip/ and an IANA protocol number, such as ip/97`,
  examples: ['tcp', 'esp', 'ip/97']
}

export const TransportSchema = Type.Unsafe<Transport>({
  type: 'string',
  pattern: `^(?:${transportNames.join('|')})$|${numberPattern}`,
  ...transportNotes
})

/** A transport as authors write it: `ip/50` is another way to write `esp`, and names may stand in capitals. */
export const TransportInputSchema = Type.String({
  pattern: `^(?:${[...transportNames, ...transportNames.map((name) => name.toUpperCase())].join('|')})$|${numberPattern}`,
  ...transportNotes
})

/** @returns the transport that an author wrote; undefined where it is none */
export function readTransport(written: string): Transport | undefined {
  const small = written.toLowerCase()
  return isTransport(small) ? canonicalTransport(small) : undefined
}

/** Whether a text is a transport, in any way in which it may be written. */
export function isTransport(text: string): text is Transport {
  return (transportNames as readonly string[]).includes(text) || new RegExp(numberPattern).test(text)
}

/** The one way in which documents have a transport: by its name, where it has one. */
export function canonicalTransport(transport: Transport): Transport {
  const number = protocolNumber(transport)
  return transportNames.find((name) => name !== 'any' && protocolNumbers[name] === number) ?? transport
}

/** The IANA number of a transport; undefined for `any`, which is all of them. */
export function protocolNumber(transport: Transport): number | undefined {
  if (transport === 'any') return undefined
  return isNamed(transport) ? protocolNumbers[transport] : Number(transport.slice('ip/'.length))
}

/** The number of a transport in packets of a family, each of which has an ICMP of its own; undefined for `any`. */
export function protocolNumberIn(transport: Transport, family: Family): number | undefined {
  return protocolNumber(transport === 'icmp' && family === 'ipv6' ? 'icmpv6' : transport)
}

export function isNamed(transport: Transport): transport is TransportName {
  return !transport.startsWith('ip/')
}

export const portTransports = ['tcp', 'udp', 'sctp', 'dccp'] as const
export type PortTransport = (typeof portTransports)[number]

/** Whether a transport has ports. */
export function hasPorts(transport: Transport): transport is PortTransport {
  return (portTransports as readonly Transport[]).includes(transport)
}

/** Whether a transport is ICMP of either family, which has types and codes. */
export function isIcmp(transport: Transport): transport is 'icmp' | 'icmpv6' {
  return transport === 'icmp' || transport === 'icmpv6'
}

/** Canonical order: names in their order, then numbers. */
export function compareTransports(a: Transport, b: Transport): number {
  return rank(a) - rank(b)
}

function rank(transport: Transport): number {
  return isNamed(transport) ? transportNames.indexOf(transport) : transportNames.length + Number(transport.slice(3))
}
