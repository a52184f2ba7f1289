/** What tools write for protocols by number, in the words of documents; by IANA's registry, without the code of exports. */
const names: Readonly<Record<number, string>> = {
  1: 'icmp',
  2: 'igmp',
  4: 'ipip',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'icmp',
  89: 'ospf',
  112: 'vrrp',
  132: 'sctp'
}

export function protocolName(number: number): string {
  return names[number] ?? `ip/${number}`
}
