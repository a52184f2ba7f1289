import { type ExportEntry, targetValue } from '../../domain/export/export-entry.ts'
import type { ParsedAddress } from '../../domain/network/address.ts'
import { halves } from '../../domain/network/cidr-join.ts'
import { commentLines } from '../export/comment.ts'
import type { ListFormat, ListInput } from '../export/format.ts'
import { listExpression } from '../export/list-expression.ts'
import { namesAbove } from '../export/names-above.ts'

/** A zone may be empty: its serial has grown, so servers drop the old content. */
export const rpz: ListFormat = {
  kind: 'list',
  name: 'rpz',
  title: 'Response policy zone',
  description:
    'For BIND and other DNS firewalls: a zone that lets through the names that are listed, and answers that contain an address that is listed. A zone after it with * CNAME . refuses the rest. Names are relative, so the zone may have any name.',
  mediaType: 'text/dns',
  extension: 'zone',
  aggregate: 'none',
  empty: 'none',
  placeholders: [],
  expression: {
    ...listExpression({ address: 'exact', host: 'exact', wildcard: 'exact' }),
    directions: ['outbound'],
    omits: (_, { target }) => ((targetValue(target) ?? '').length > longestName ? 'name_too_long' : undefined)
  },
  render
}

/** The name of a zone and a name in it have 255 octets together (RFC 1035), and one name that is too long stops the whole zone. */
const longestName = 200

function render({ head, entries }: ListInput): string {
  // RFC 1982: a serial may pass the largest number and continue from 0.
  const serial = head.serial % 2 ** 32
  return [
    commentLines(head.lines, ';'),
    '$TTL 300\n',
    `@ SOA localhost. nobody.invalid. ( ${serial} 3600 600 86400 300 )\n`,
    '@ NS localhost.\n',
    ...[...namesOf(entries), ...addressesOf(entries)].map((name) => `${name} CNAME rpz-passthru.\n`)
  ].join('')
}

/**
 * A wildcard of DNS ends where another name begins (RFC 4592): with `*.w` and `a.b.w` nothing covers `b.w`, `c.b.w` or `c.a.b.w`. So
 * every such name gets a record, and a wildcard, of its own, unless that would be too long.
 */
function namesOf(entries: readonly ExportEntry[]): readonly string[] {
  const names = new Set<string>()
  const trees = new Set<string>()
  for (const { target } of entries) {
    if (target.kind === 'host') names.add(target.value)
    if (target.kind === 'wildcard') trees.add(target.value)
  }
  const found = new Set([...names, ...[...trees].map((tree) => `*.${tree}`)])
  for (const name of [...names, ...trees]) {
    const path = [name, ...namesAbove(name)]
    const highest = path.findLastIndex((above) => trees.has(above))
    for (const between of path.slice(0, Math.max(0, highest))) found.add(between).add(`*.${between}`)
  }
  return [...found].filter((name) => name.length <= longestName).sort()
}

function addressesOf(entries: readonly ExportEntry[]): readonly string[] {
  return entries.flatMap(({ target }) =>
    target.kind === 'address' ? withoutZero(target.address).map((address) => `${triggerOf(address)}.rpz-ip`) : []
  )
}

/** A zone has no prefix of length 0, so that is written as its two halves. */
function withoutZero(address: ParsedAddress): readonly ParsedAddress[] {
  return address.prefix === 0 ? halves(address) : [address]
}

/** The owner name of an address: the length of the prefix, then the parts in reverse order; `zz` is `::`. */
function triggerOf({ family, value, prefix }: ParsedAddress): string {
  const [address = ''] = value.split('/')
  const parts = family === 'ipv4' ? address.split('.') : address.replace('::', ':zz:').split(':').filter(Boolean)
  return [prefix, ...parts.reverse()].join('.')
}
