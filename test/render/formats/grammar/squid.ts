import { isIP } from 'node:net'

/**
 * A strict reader of ACL files: squid.conf's documentation of `acl`, types dst and dstdomain, and what Squid does without a word
 * (https://www.squid-cache.org/Doc/config/acl/). It takes anything for a name.
 */
export function readAcl(
  kind: 'dst' | 'dstdomain',
  text: string
): { readonly values: readonly string[]; readonly faults: readonly string[] } {
  if (!text.endsWith('\n')) return { values: [], faults: ['the last line is not ended'] }
  const values = text
    .split('\n')
    .slice(0, -1)
    .filter((line) => !line.startsWith('#'))
  const faults = values.flatMap((line, index) => {
    const fault =
      values.indexOf(line) < index
        ? 'stands there twice'
        : kind === 'dst'
          ? addressFault(line)
          : nameFault(line, values)
    return fault === undefined ? [] : [`${JSON.stringify(line)} ${fault}`]
  })
  return { values, faults }
}

function addressFault(line: string): string | undefined {
  const [, address = '', prefix] = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/.exec(line) ?? []
  const family = isIP(address)
  if (family === 0) return 'is not an address'
  if (prefix === undefined) return undefined
  // 0.0.0.0/0 is both families, and ::ffff:0:0/96 is IPv4.
  return Number(prefix) >= 1 && Number(prefix) < (family === 4 ? 32 : 128) ? undefined : 'has no prefix of a network'
}

function nameFault(line: string, all: readonly string[]): string | undefined {
  if (!/^\.?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/.test(line))
    return 'is not a name'
  const dotted = line.startsWith('.') ? line : `.${line}`
  return all.some((other) => other !== line && other.startsWith('.') && dotted.endsWith(other))
    ? 'is under another'
    : undefined
}
