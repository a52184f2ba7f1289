import { type ExportTarget, targetValue } from '../../domain/export/export-entry.ts'
import { halves } from '../../domain/network/cidr-join.ts'
import { commentLines } from '../export/comment.ts'
import type { ListFormat, ListInput } from '../export/format.ts'
import { listExpression } from '../export/list-expression.ts'
import { valueLines } from '../export/value-lines.ts'

export const ciscoIp: ListFormat = {
  kind: 'list',
  name: 'cisco-ip',
  title: 'Cisco list of addresses',
  description:
    'Cisco Secure Firewall: a generic text source of the Secure Dynamic Attributes Connector (mode=csdac), for dynamic objects in access rules, or a Security Intelligence feed (mode=security-intelligence), which lets nothing through by itself. NAME.md5 is the checksum URL of a feed.',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'txt',
  modes: ['csdac', 'security-intelligence'],
  aggregate: 'none',
  empty: 'placeholder',
  placeholders: ['address'],
  expression: listExpression({ address: 'exact' }),
  render
}

/** Only Security Intelligence is documented to skip lines that start with #. */
function render({ head, mode, entries }: ListInput): string {
  const header = mode === 'security-intelligence' ? commentLines(head.lines, '#') : ''
  return header + valueLines(entries, networkText)
}

/** The manual forbids /0, so it is written as its two halves. */
function networkText(target: ExportTarget): string {
  if (target.kind !== 'address' || target.address.prefix > 0) return targetValue(target) ?? ''
  return halves(target.address)
    .map(({ value }) => value)
    .join('\n')
}
