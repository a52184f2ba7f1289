import { portText } from '../../domain/network/port.ts'
import { escapeMarkdown, markdownFact, markdownLines, markdownLink } from '../markdown-text.ts'
import type { FlatRow } from './flat-rows.ts'
import { plainText } from './spreadsheet-cell.ts'

/**
 * The cells of a row under `markdownHeadings`. What a requirement says as a whole stands once, in its first row, under its title and among
 * the remarks: as on paper, where the cells of its further rows are one with these.
 */
export function markdownCells(row: FlatRow, isFirst: boolean): readonly string[] {
  const { requirement, title, direction, status = '', from = '', until = '' } = row
  return [
    markdownLines([escapeMarkdown(title), `(${requirement})`, ...(isFirst ? itemFacts(row) : [])]),
    direction,
    escapeMarkdown(serviceText(row)),
    markdownLines(endpointLines(row)),
    status,
    from,
    until,
    markdownLines(isFirst ? remarkFacts(row) : [])
  ]
}

/** The cells of a row under `siteMarkdownHeadings`. */
export function siteMarkdownCells(row: FlatRow, isFirst: boolean): readonly string[] {
  const { catalogue = '', role = '' } = row
  const site = (['origin', 'source'] as const).map((column) => escapeMarkdown(plainText(row, column)))
  return [catalogue, ...markdownCells(row, isFirst), role, ...site]
}

function itemFacts({ necessity, condition, component, owner, tags, externalIds = {} }: FlatRow): readonly string[] {
  return [
    condition === undefined ? necessity : markdownFact(necessity, condition),
    ...fact('part', component),
    ...fact('owner', owner),
    ...fact('tags', tags?.join(', ')),
    ...Object.entries(externalIds).map(([namespace, id]) => markdownFact(`id in ${namespace}`, id))
  ]
}

function remarkFacts(row: FlatRow): readonly string[] {
  const { requirementRemarks, httpProxy, tlsInspection, references = [], inferred } = row
  return [
    ...fact('remarks', requirementRemarks),
    ...fact('HTTP proxy', httpProxy),
    ...fact('TLS inspection', tlsInspection),
    ...references.map(({ title, url }) =>
      title === undefined ? markdownFact('see', url) : `see: ${markdownLink(title, url)}`
    ),
    ...fact('inferred', inferred?.join(', '))
  ]
}

/** A service, such as `tcp/80-90 (http), from port 123`. */
function serviceText({ transport, portFrom, portTo, icmp, application, sourcePorts }: FlatRow): string {
  const ports = portFrom === undefined || portTo === undefined ? '' : `/${portText({ from: portFrom, to: portTo })}`
  const type = icmp ? ` type ${icmp.type}${icmp.code === undefined ? '' : ` code ${icmp.code}`}` : ''
  const name = application === undefined ? '' : ` (${application})`
  const source = sourcePorts ? `, from port ${sourcePorts.map(portText).join(' or ')}` : ''
  return transport + ports + type + name + source
}

function endpointLines(row: FlatRow): readonly string[] {
  if (row.kind === undefined) return []
  const { serves, replacedBy, select, endpointTags, remarks } = row
  return [
    escapeMarkdown(endpointText(row)),
    ...fact('serves', serves?.join(', ')),
    ...fact('replaced by', replacedBy?.join(', ')),
    ...fact('select', select && JSON.stringify(select)),
    ...fact('tags', endpointTags?.join(', ')),
    ...fact('remarks', remarks)
  ]
}

function endpointText({ kind, value = '', endpointTitle, url }: FlatRow): string {
  switch (kind) {
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

function fact(name: string, text: string | undefined): readonly string[] {
  return text === undefined ? [] : [markdownFact(name, text)]
}
