import { isIP } from 'node:net'
import type { OwnRow } from './own-row.ts'

/** The headings of the tables of requirements in our Markdown. */
export const markdownHeadings = [
  'Item',
  'Direction',
  'Service',
  'Endpoint',
  'Status',
  'From',
  'Until',
  'Remarks'
] as const

/** The headings under a site. */
export const siteMarkdownHeadings = ['Catalogue', ...markdownHeadings, 'Role', 'Origin', 'Source'] as const

/** The headings of the change history, by which a page is known as ours that has no requirement. */
export const historyHeadings = ['Published', 'Revision', 'What'] as const

type Fields = Record<string, unknown>

/** A cell of ours that no export writes. */
export class UnreadableCell extends Error {
  /** The column, counted from 0. */
  readonly column: number

  constructor(column: number, detail: string) {
    super(detail)
    this.column = column
  }
}

/**
 * Reads one row of a table of our Markdown: the cells as they stand between the pipes, with their escapes. `scope`: that of its section.
 * @throws UnreadableCell
 */
export function readMarkdownRow(cells: readonly string[], scope: string): OwnRow {
  const [item = [], direction = [], service = [], endpoint = [], status = [], from = [], until = [], remarks = []] =
    cells.map(linesOf)
  const [title = '', key = '', ...facts] = item
  return {
    requirement: key.slice(1, -1),
    title: plain(title),
    scope,
    direction: direction[0],
    ...itemFacts(facts),
    ...remarkFacts(remarks),
    ...readService(plain(service[0] ?? '')),
    ...readEndpoint(endpoint),
    ...(status[0] !== undefined && { status: status[0] }),
    ...(from[0] !== undefined && { from: from[0] }),
    ...(until[0] !== undefined && { until: until[0] })
  }
}

const itemFields = [
  'necessity',
  'condition',
  'component',
  'owner',
  'tags',
  'externalIds',
  'requirementRemarks',
  'httpProxy',
  'tlsInspection',
  'references',
  'inferred'
]

/** What stands in the first row of an item holds for all of its rows. */
export function withItemOf(first: OwnRow, row: OwnRow): OwnRow {
  return { ...Object.fromEntries(Object.entries(first).filter(([name]) => itemFields.includes(name))), ...row }
}

/** The lines of a cell, still with their escapes. An indented line goes on the one before. */
function linesOf(cell: string): readonly string[] {
  const trimmed = cell.trim()
  return trimmed === '' ? [] : trimmed.replaceAll('<br>&emsp;', '\n').split('<br>')
}

function plain(text: string): string {
  return text.replace(/\\([\\`*_[\]<>|~$&#!])/g, '$1')
}

function named(line: string): readonly [name: string, text: string] {
  const at = line.indexOf(': ')
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 2)]
}

const list = (text: string) => plain(text).split(', ')

function itemFacts(lines: readonly string[]): Fields {
  const externalIds: [string, string][] = []
  const fields: Fields = {}
  for (const [name, text] of lines.map(named)) {
    if (['required', 'optional', 'conditional'].includes(name)) {
      fields.necessity = name
      if (text !== '') fields.condition = plain(text)
    } else if (name === 'part') fields.component = plain(text)
    else if (name === 'owner') fields.owner = plain(text)
    else if (name === 'tags') fields.tags = list(text)
    else if (name.startsWith('id in ')) externalIds.push([plain(name).replace(/^id in /, ''), plain(text)])
    else throw new UnreadableCell(0, `${name} is no fact of an item: those are part, owner, tags and "id in NAMESPACE"`)
  }
  return { ...fields, ...(externalIds.length > 0 && { externalIds: Object.fromEntries(externalIds) }) }
}

function remarkFacts(lines: readonly string[]): Fields {
  const references: object[] = []
  const fields: Fields = {}
  for (const [name, text] of lines.map(named)) {
    if (name === 'remarks') fields.requirementRemarks = plain(text)
    else if (name === 'HTTP proxy') fields.httpProxy = text
    else if (name === 'TLS inspection') fields.tlsInspection = text
    else if (name === 'inferred') fields.inferred = list(text)
    else if (name === 'see') references.push(readReference(text))
    else throw new UnreadableCell(7, `${name} is no remark: write "remarks: " before a text`)
  }
  return { ...fields, ...(references.length > 0 && { references }) }
}

function readReference(text: string): object {
  const [, title, url] = /^\[((?:[^\\\]]|\\.)*)\]\(<((?:[^\\>]|\\.)*)>\)$/s.exec(text) ?? []
  return title === undefined || url === undefined ? { url: plain(text) } : { title: plain(title), url: plain(url) }
}

function readService(text: string): Fields {
  const [, transport, from, to, type, code, application, source] =
    /^(ip\/\d+|\w+)(?:\/(\d+)(?:-(\d+))?)?(?: type (\d+)(?: code (\d+))?)?(?: \(([^)]+)\))?(?:, from port (.+))?$/.exec(
      text
    ) ?? []
  if (transport === undefined) throw new UnreadableCell(2, `${text} is not a service: write tcp/443 (https)`)
  return {
    transport,
    ...(from !== undefined && { portFrom: Number(from), portTo: Number(to ?? from) }),
    ...(type !== undefined && { icmp: { type: Number(type), ...(code !== undefined && { code: Number(code) }) } }),
    ...(application !== undefined && { application }),
    ...(source !== undefined && { sourcePorts: source.split(' or ') })
  }
}

function readEndpoint([first, ...lines]: readonly string[]): Fields {
  if (first === undefined) return {}
  const fields = readTarget(plain(first))
  for (const [name, text] of lines.map(named)) {
    if (name === 'serves') fields.serves = list(text)
    else if (name === 'replaced by') fields.replacedBy = list(text)
    else if (name === 'select') fields.select = readSelect(plain(text))
    else if (name === 'tags') fields.endpointTags = list(text)
    else if (name === 'remarks') fields.remarks = plain(text)
    else throw new UnreadableCell(3, `${name} is no fact of an endpoint`)
  }
  return fields
}

function readSelect(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UnreadableCell(3, `${text} is not JSON, as the export wrote it`)
  }
}

function readTarget(text: string): Fields {
  if (text === 'any address') return { kind: 'any' }
  const [, endpointTitle, role] = /^(.*) \(role ([a-z0-9._-]+)\)$/.exec(text) ?? []
  if (role !== undefined) return { kind: 'role', value: role, endpointTitle }
  const [, feed, url] = /^list ([a-z0-9._-]+): (\S+)$/.exec(text) ?? []
  if (feed !== undefined) return { kind: 'feed', value: feed, url }
  if (isIP(text.replace(/\/\d+$/, ''))) return { kind: 'address', value: text }
  if (text.includes('/')) return { kind: 'url', value: text }
  return { kind: /[<*]/.test(text.replace(/^\*\./, '')) ? 'pattern' : 'host', value: text }
}
