import Type from 'typebox'
import { IcmpNumberSchema } from './icmp-type.ts'

/** The fields "Code" of IANA's registries for both families, by the number of the type: names in lower case with hyphens. */
const icmpCodes: Readonly<
  Record<'icmp' | 'icmpv6', Readonly<Record<number, Readonly<Record<string, number>> | undefined>>>
> = {
  icmp: {
    3: {
      'net-unreachable': 0,
      'host-unreachable': 1,
      'protocol-unreachable': 2,
      'port-unreachable': 3,
      'fragmentation-needed-and-dont-fragment-was-set': 4,
      // The short name that everybody uses.
      'fragmentation-needed': 4,
      'source-route-failed': 5,
      'destination-network-unknown': 6,
      'destination-host-unknown': 7,
      'source-host-isolated': 8,
      'communication-with-destination-network-is-administratively-prohibited': 9,
      'communication-with-destination-host-is-administratively-prohibited': 10,
      'destination-network-unreachable-for-type-of-service': 11,
      'destination-host-unreachable-for-type-of-service': 12,
      'communication-administratively-prohibited': 13,
      'host-precedence-violation': 14,
      'precedence-cutoff-in-effect': 15
    },
    5: {
      'redirect-datagram-for-the-network': 0,
      'redirect-datagram-for-the-host': 1,
      'redirect-datagram-for-the-type-of-service-and-network': 2,
      'redirect-datagram-for-the-type-of-service-and-host': 3
    },
    9: { 'normal-router-advertisement': 0, 'does-not-route-common-traffic': 16 },
    11: { 'time-to-live-exceeded-in-transit': 0, 'fragment-reassembly-time-exceeded': 1 },
    12: { 'pointer-indicates-the-error': 0, 'missing-a-required-option': 1, 'bad-length': 2 },
    40: {
      'bad-spi': 0,
      'authentication-failed': 1,
      'decompression-failed': 2,
      'decryption-failed': 3,
      'need-authentication': 4,
      'need-authorization': 5
    },
    43: {
      'no-error': 0,
      'malformed-query': 1,
      'no-such-interface': 2,
      'no-such-table-entry': 3,
      'multiple-interfaces-satisfy-query': 4
    }
  },
  icmpv6: {
    1: {
      'no-route-to-destination': 0,
      'communication-with-destination-administratively-prohibited': 1,
      'beyond-scope-of-source-address': 2,
      'address-unreachable': 3,
      'port-unreachable': 4,
      'source-address-failed-ingress-egress-policy': 5,
      'reject-route-to-destination': 6,
      'error-in-source-routing-header': 7,
      'headers-too-long': 8
    },
    3: { 'hop-limit-exceeded-in-transit': 0, 'fragment-reassembly-time-exceeded': 1 },
    4: {
      'erroneous-header-field-encountered': 0,
      'unrecognized-next-header-type-encountered': 1,
      'unrecognized-ipv6-option-encountered': 2,
      'ipv6-first-fragment-has-incomplete-ipv6-header-chain': 3,
      'sr-upper-layer-header-error': 4,
      'unrecognized-next-header-type-encountered-by-intermediate-node': 5,
      'extension-header-too-big': 6,
      'extension-header-chain-too-long': 7,
      'too-many-extension-headers': 8,
      'too-many-options-in-extension-header': 9,
      'option-too-big': 10
    },
    161: {
      'no-error': 0,
      'malformed-query': 1,
      'no-such-interface': 2,
      'no-such-table-entry': 3,
      'multiple-interfaces-satisfy-query': 4
    }
  }
}

/** A code of ICMP as authors write it. */
export const IcmpCodeInputSchema = Type.Union([IcmpNumberSchema, Type.String({ minLength: 1, maxLength: 80 })], {
  description: "A number, or IANA's name of a code of this type in lower case with hyphens; answered as a number",
  examples: [4, 'port-unreachable', 'fragmentation-needed']
})

/** The number of a code by its name in the registry of a transport and type; undefined where the registry has no such name. */
export function icmpCodeNumber(transport: 'icmp' | 'icmpv6', type: number, name: string): number | undefined {
  return new Map(Object.entries(icmpCodes[transport][type] ?? {})).get(name)
}

/** The names of the codes of a type; none where the registry names none. */
export function icmpCodeNames(transport: 'icmp' | 'icmpv6', type: number): readonly string[] {
  return Object.keys(icmpCodes[transport][type] ?? {})
}
