import type { ExportEntry } from '../../domain/export/export-entry.ts'
import type { ParsedAddress } from '../../domain/network/address.ts'
import { halves } from '../../domain/network/cidr-join.ts'
import { patternExpression } from '../../domain/network/pattern.ts'
import { commentLines } from '../export/comment.ts'
import type { ExportFile, ListFormat, ListInput } from '../export/format.ts'
import { listExpression } from '../export/list-expression.ts'
import { namesAbove } from '../export/names-above.ts'
import { shortName } from '../export/short-name.ts'

const mediaType = 'text/plain; charset=utf-8'

export const squid: ListFormat = {
  kind: 'list',
  name: 'squid',
  title: 'Squid ACL files',
  description:
    'For Squid: the file dst for an ACL of type dst, the file dstdomain for one of type dstdomain, and the file dstdom_regex for one of type dstdom_regex, which is empty where there are no patterns. The rule that uses them names the ports. Overlapping addresses are joined, since Squid would ignore one of them.',
  mediaType,
  extension: 'txt',
  parts: ['dst', 'dstdomain', 'dstdom_regex'],
  aggregate: 'exact',
  empty: 'placeholder',
  placeholders: ['address', 'host'],
  expression: {
    ...listExpression({ address: 'exact', host: 'exact', wildcard: 'apex', pattern: 'exact' }),
    directions: ['outbound'],
    transports: ['tcp', 'any']
  },
  render
}

function render({ head, slice, entries }: ListInput): readonly ExportFile[] {
  const base = shortName(`${head.id}-${slice?.name ?? 'all'}`, 80)
  const header = commentLines(head.lines, '#')
  const file = (part: string, lines: readonly string[]): ExportFile => ({
    part,
    name: `${base}.${part}`,
    mediaType,
    content: header + lines.map((line) => `${line}\n`).join('')
  })
  return [
    file('dst', addressesOf(entries)),
    file('dstdomain', namesOf(entries)),
    file('dstdom_regex', patternsOf(entries))
  ]
}

function addressesOf(entries: readonly ExportEntry[]): readonly string[] {
  return entries.flatMap(({ target }) =>
    target.kind === 'address' ? readableAddresses(target.address).map(({ value }) => value) : []
  )
}

/**
 * Squid takes 0.0.0.0/0 for every address of both families, and keeps IPv4 in ::ffff:0:0/96, so ::/1 would let all of IPv4 through. A
 * network that covers this block is written as the networks around it.
 */
function readableAddresses(address: ParsedAddress): readonly ParsedAddress[] {
  const { family, first, prefix } = address
  if (family === 'ipv4') return prefix === 0 ? halves(address) : [address]
  const holdsIpv4 =
    prefix <= 96 && mapped.every((byte, index) => ((byte ^ (first[index] ?? 0)) & mask(prefix, index)) === 0)
  if (!holdsIpv4) return [address]
  return prefix === 96 ? [] : halves(address).flatMap(readableAddresses)
}

const mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

function mask(prefix: number, index: number): number {
  return (0xff00 >> Math.min(8, Math.max(0, prefix - index * 8))) & 0xff
}

/** The line -i takes names in any case, as DNS does. */
function patternsOf(entries: readonly ExportEntry[]): readonly string[] {
  const found = entries.flatMap(({ target }) => (target.kind === 'pattern' ? [patternExpression(target.value)] : []))
  return found.length > 0 ? ['-i', ...found] : []
}

/** `.name` covers the name and everything below it. Squid refuses a list that also has one of those names. */
function namesOf(entries: readonly ExportEntry[]): readonly string[] {
  const trees = new Set(entries.flatMap(({ target }) => (target.kind === 'wildcard' ? [target.value] : [])))
  const isUnder = (name: string) => trees.size > 0 && namesAbove(name).some((above) => trees.has(above))
  return entries.flatMap(({ target }) => {
    if (target.kind === 'wildcard') return isUnder(target.value) ? [] : [`.${target.value}`]
    if (target.kind !== 'host' || trees.has(target.value) || isUnder(target.value)) return []
    return [target.value]
  })
}
