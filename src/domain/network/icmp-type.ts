import Type from 'typebox'

/**
 * IANA's registries "ICMP Type Numbers" and "ICMPv6 type Numbers", whose names are written in lower case with hyphens. A type that is
 * unassigned or reserved has no name. `echo-request` is another name of IANA's `echo`, since that is what it is called everywhere.
 */
const icmpTypes = {
  icmp: {
    'echo-reply': 0,
    'destination-unreachable': 3,
    'source-quench': 4,
    redirect: 5,
    'alternate-host-address': 6,
    echo: 8,
    'echo-request': 8,
    'router-advertisement': 9,
    'router-solicitation': 10,
    'time-exceeded': 11,
    'parameter-problem': 12,
    timestamp: 13,
    'timestamp-reply': 14,
    'information-request': 15,
    'information-reply': 16,
    'address-mask-request': 17,
    'address-mask-reply': 18,
    traceroute: 30,
    'datagram-conversion-error': 31,
    'mobile-host-redirect': 32,
    'ipv6-where-are-you': 33,
    'ipv6-i-am-here': 34,
    'mobile-registration-request': 35,
    'mobile-registration-reply': 36,
    'domain-name-request': 37,
    'domain-name-reply': 38,
    skip: 39,
    photuris: 40,
    'extended-echo-request': 42,
    'extended-echo-reply': 43
  },
  icmpv6: {
    'destination-unreachable': 1,
    'packet-too-big': 2,
    'time-exceeded': 3,
    'parameter-problem': 4,
    'echo-request': 128,
    'echo-reply': 129,
    'multicast-listener-query': 130,
    'multicast-listener-report': 131,
    'multicast-listener-done': 132,
    'router-solicitation': 133,
    'router-advertisement': 134,
    'neighbor-solicitation': 135,
    'neighbor-advertisement': 136,
    'redirect-message': 137,
    'router-renumbering': 138,
    'icmp-node-information-query': 139,
    'icmp-node-information-response': 140,
    'inverse-neighbor-discovery-solicitation-message': 141,
    'inverse-neighbor-discovery-advertisement-message': 142,
    'version-2-multicast-listener-report': 143,
    'home-agent-address-discovery-request-message': 144,
    'home-agent-address-discovery-reply-message': 145,
    'mobile-prefix-solicitation': 146,
    'mobile-prefix-advertisement': 147,
    'certification-path-solicitation-message': 148,
    'certification-path-advertisement-message': 149,
    'multicast-router-advertisement': 151,
    'multicast-router-solicitation': 152,
    'multicast-router-termination': 153,
    'fmipv6-messages': 154,
    'rpl-control-message': 155,
    'duplicate-address-request': 157,
    'duplicate-address-confirmation': 158,
    'mpl-control-message': 159,
    'extended-echo-request': 160,
    'extended-echo-reply': 161
  }
} as const satisfies Readonly<Record<'icmp' | 'icmpv6', Readonly<Record<string, number>>>>

/** A type or code of ICMP. */
export const IcmpNumberSchema = Type.Integer({ minimum: 0, maximum: 255 })

/** A type of ICMP as authors write it. */
export const IcmpTypeInputSchema = Type.Union([IcmpNumberSchema, Type.String({ minLength: 1, maxLength: 50 })], {
  description: "A number, or IANA's name of a type of this transport in lower case with hyphens; answered as a number",
  examples: [8, 'echo-reply', 'time-exceeded']
})

/** The number of a type by its name in the registry of a transport; undefined where the registry has no such name. */
export function icmpTypeNumber(transport: 'icmp' | 'icmpv6', name: string): number | undefined {
  return new Map<string, number>(Object.entries(icmpTypes[transport])).get(name)
}

/** The names in the registry of a transport. */
export function icmpTypeNames(transport: 'icmp' | 'icmpv6'): readonly string[] {
  return Object.keys(icmpTypes[transport])
}
