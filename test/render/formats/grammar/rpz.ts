import { isIP } from 'node:net'

/**
 * A strict reader of policy zones: master files of RFC 1035 section 5 with one record a line, and the triggers of BIND's manual,
 * chapter "Response Policy Zone (RPZ) Rewriting". It looks names up as RFC 4592 says.
 */
export interface PolicyZone {
  readonly serial: number
  readonly faults: readonly string[]
  /** `192.0.2.0/24` */
  readonly networks: readonly string[]
  readonly letsThrough: (name: string) => boolean
}

const label = /^(?:\*|[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)$/

export function readPolicyZone(text: string): PolicyZone {
  const faults: string[] = []
  const names = new Set<string>()
  const networks: string[] = []
  const lines = text.split('\n')
  if (lines.pop() !== '') faults.push('the last line is not ended')
  const records = lines.filter((line) => !line.startsWith(';'))
  const [ttl, soa = '', ns, ...rest] = records
  if (ttl !== '$TTL 300' || ns !== '@ NS localhost.') faults.push('TTL or name server is missing')
  const [, serial] = /^@ SOA localhost\. nobody\.invalid\. \( (\d+) \d+ \d+ \d+ \d+ \)$/.exec(soa) ?? []
  if (serial === undefined || Number(serial) >= 2 ** 32) faults.push('the serial is not one of 32 bits')
  for (const line of rest) {
    const [, owner = ''] = /^(\S+) CNAME rpz-passthru\.$/.exec(line) ?? []
    const labels = owner.split('.')
    if (owner === '' || names.has(owner) || owner.length > 253)
      faults.push(`${line} is not a record, or stands there twice`)
    else if (labels.at(-1) === 'rpz-ip') networks.push(networkOf(labels.slice(0, -1), faults))
    else if (labels.every((each, index) => label.test(each) && (each !== '*' || index === 0))) names.add(owner)
    else faults.push(`${owner} is not a name`)
  }
  const nodes = new Set([...names].flatMap((name) => [name, ...above(name)]))
  return {
    serial: Number(serial),
    faults,
    networks,
    letsThrough: (name) => {
      if (nodes.has(name)) return names.has(name)
      const encloser = above(name).find((each) => nodes.has(each))
      return names.has(encloser === undefined ? '*' : `*.${encloser}`)
    }
  }
}

function above(name: string): readonly string[] {
  const labels = name.split('.')
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join('.'))
}

function networkOf([prefix = '', ...parts]: readonly string[], faults: string[]): string {
  const isIpv4 = parts.length === 4 && !parts.includes('zz')
  const backwards = [...parts].reverse()
  const address = isIpv4
    ? backwards.join('.')
    : backwards
        .join(':')
        .replace(/^zz(?=:)|(?<=:)zz$/g, ':')
        .replace(':zz:', '::')
        .replace(/^zz$/, '::')
  const network = `${address}/${prefix}`
  const isRight = isIP(address) === (isIpv4 ? 4 : 6) && Number(prefix) >= 1 && Number(prefix) <= (isIpv4 ? 32 : 128)
  if (!isRight) faults.push(`${network} is not a network`)
  return network
}
