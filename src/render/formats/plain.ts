import { commentLines } from '../export/comment.ts'
import type { ListFormat, ListInput } from '../export/format.ts'
import { listExpression } from '../export/list-expression.ts'
import { valueLines } from '../export/value-lines.ts'

const common = {
  kind: 'list',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'txt',
  aggregate: 'none',
  empty: 'none',
  placeholders: [],
  render
} as const

export const plainIp: ListFormat = {
  ...common,
  name: 'plain-ip',
  title: 'Plain list of addresses',
  description:
    'One address or CIDR a line, after a header of # lines: pfSense and OPNsense URL tables, and scripts. Thanks to the header an empty list empties the table, while a file of 0 bytes would leave it as it was.',
  expression: listExpression({ address: 'exact' })
}

export const plainHost: ListFormat = {
  ...common,
  name: 'plain-host',
  title: 'Plain list of host names',
  description:
    'One host name a line, *.name for the subdomains of a name, after a header of # lines, for scripts. The aliases of pfSense and OPNsense take no wildcards: wildcards=omit leaves them out, wildcards=apex writes the name itself.',
  expression: listExpression({ host: 'exact', wildcard: 'exact' })
}

function render({ head, entries }: ListInput): string {
  return commentLines(head.lines, '#') + valueLines(entries)
}
