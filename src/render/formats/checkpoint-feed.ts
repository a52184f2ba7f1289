import { commentLines } from '../export/comment.ts'
import type { ListFormat } from '../export/format.ts'
import { listExpression } from '../export/list-expression.ts'
import { valueLines } from '../export/value-lines.ts'

export const checkpointFeed: ListFormat = {
  kind: 'list',
  name: 'checkpoint-feed',
  title: 'Check Point network feed',
  description:
    'Check Point R81.20 and later, network feed of type IP Address/Domain, format Flat List, ignoring lines that start with #: addresses, CIDRs and names in one list.',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'txt',
  aggregate: 'none',
  empty: 'placeholder',
  placeholders: ['either'],
  expression: listExpression({ address: 'exact', host: 'exact', wildcard: 'exact' }),
  render: ({ head, entries }) => commentLines(head.lines, '#') + valueLines(entries)
}
