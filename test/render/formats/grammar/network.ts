import ipaddr from 'ipaddr.js'

/** A CIDR as tools want it: with its prefix, and without host bits. */
export function checkedNetwork(text: string): string {
  const [address, prefix] = ipaddr.parseCIDR(text)
  const family = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6
  if (address.kind() === 'ipv4' && !ipaddr.IPv4.isValidFourPartDecimal(text.split('/')[0] ?? ''))
    throw new Error(`${text} is not in four decimal parts`)
  const first = family.networkAddressFromCIDR(text).toString()
  if (first !== address.toString()) throw new Error(`${text} has host bits: ${first}/${prefix}`)
  return text
}

/** `80`, `8000-8100`; `*` for all. */
export function checkedPorts(from: number | undefined, to = from): string {
  if (from === undefined || to === undefined) return '*'
  if (!(Number.isInteger(from) && from >= 1 && to <= 65535 && from <= to)) throw new Error(`not ports: ${from}-${to}`)
  return from === to ? `${from}` : `${from}-${to}`
}
