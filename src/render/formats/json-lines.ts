import { flatRows } from '../export/flat-rows.ts'
import type { TableFormat } from '../export/format.ts'

export const jsonLines: TableFormat = {
  kind: 'table',
  name: 'jsonl',
  title: 'JSON lines',
  description:
    'For jq, log pipelines and databases: one JSON object a line for each requirement, port range and endpoint; a requirement without endpoints has lines too.',
  mediaType: 'application/x-ndjson; charset=utf-8',
  extension: 'jsonl',
  render: ({ view }) => renderJsonLines(flatRows(view))
}

/** One JSON value a line, each line ended: `application/x-ndjson`. */
export function renderJsonLines(items: Iterable<unknown>): string {
  let text = ''
  for (const item of items) text += `${JSON.stringify(item)}\n`
  return text
}
