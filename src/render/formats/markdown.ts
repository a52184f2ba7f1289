import { portText } from '../../domain/network/port.ts'
import { type FlatRow, flatRows } from '../export/flat-rows.ts'
import type { TableFormat, TableInput } from '../export/format.ts'

export const markdown: TableFormat = {
  kind: 'table',
  name: 'markdown',
  title: 'Markdown table',
  description:
    'For people: a page with one table, for wikis, merge requests and change tickets. GitHub Flavored Markdown.',
  mediaType: 'text/markdown; charset=utf-8',
  extension: 'md',
  render
}

const columns: readonly (readonly [heading: string, cell: (row: FlatRow) => string])[] = [
  ['Requirement', ({ requirement, title }) => `${escapeMarkdown(title)}<br>(${escapeMarkdown(requirement)})`],
  ['Direction', ({ direction, scope }) => escapeMarkdown(`${direction}, ${scope}`)],
  ['Necessity', ({ necessity }) => escapeMarkdown(necessity)],
  ['Service', (row) => escapeMarkdown(serviceText(row))],
  ['Endpoint', (row) => escapeMarkdown(endpointText(row))],
  ['Status', ({ status = '' }) => escapeMarkdown(status)],
  ['From', ({ from = '' }) => escapeMarkdown(from)],
  ['Until', ({ until = '' }) => escapeMarkdown(until)],
  ['Remarks', ({ remarks = '' }) => escapeMarkdown(remarks)]
]

function render({ head, view }: TableInput): string {
  const [title = '', ...lines] = head.lines
  const rows = [
    columns.map(([heading]) => heading),
    columns.map(() => '---'),
    ...[...flatRows(view)].map((row) => columns.map(([, cell]) => cell(row)))
  ]
  return [
    `# ${escapeMarkdown(title)}\n\n`,
    ...lines.map((line) => `- ${escapeMarkdown(line)}\n`),
    '\n',
    ...rows.map((cells) => `| ${cells.join(' | ')} |\n`)
  ].join('')
}

/** A service, such as `tcp/80-90 (http), from port 123`. */
function serviceText({ transport, portFrom, portTo, icmp, application, sourcePorts }: FlatRow): string {
  const ports = portFrom === undefined || portTo === undefined ? '' : `/${portText({ from: portFrom, to: portTo })}`
  const type = icmp ? ` type ${icmp.type}${icmp.code === undefined ? '' : ` code ${icmp.code}`}` : ''
  const name = application === undefined ? '' : ` (${application})`
  const source = sourcePorts ? `, from port ${sourcePorts.map(portText).join(' or ')}` : ''
  return transport + ports + type + name + source
}

function endpointText({ kind, value = '', endpointTitle, url }: FlatRow): string {
  switch (kind) {
    case undefined:
      return ''
    case 'any':
      return 'any address'
    case 'role':
      return `${endpointTitle ?? ''} (role ${value})`
    case 'feed':
      return `list ${value}: ${url ?? ''}`
    default:
      return value
  }
}

/** Escapes text, so that nothing in it is Markdown or HTML, and it stays in its cell. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|~$&#!]/g, '\\$&').replaceAll('\n', '<br>')
}
