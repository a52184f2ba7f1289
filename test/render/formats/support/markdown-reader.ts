import { isIP } from 'node:net'
import type { TableRow } from './table-reader.ts'

/** The rows of the tables of a Markdown export. What stands in the first row of an item holds for all of its rows. */
export function rowsOfMarkdown(text: string): readonly TableRow[] {
  const rows: TableRow[] = []
  let scope = ''
  for (const line of text.split('\n')) {
    const heading = /^## (External|Internal) connections$/.exec(line)?.[1]
    if (heading !== undefined) scope = heading.toLowerCase()
    if (line === '## Change history') break
    if (!line.startsWith('| ') || line.startsWith('| Item |') || line.startsWith('| --- |')) continue
    const row = rowOf(line, scope)
    const first = rows.find(({ requirement }) => requirement === row.requirement)
    rows.push(first === undefined ? row : { ...itemOf(first), ...row })
  }
  return rows
}

const itemFields = new Set(
  'necessity condition component owner tags externalIds requirementRemarks httpProxy tlsInspection references inferred'.split(
    ' '
  )
)

function itemOf(row: TableRow): TableRow {
  return Object.fromEntries(Object.entries(row).filter(([name]) => itemFields.has(name)))
}

function rowOf(line: string, scope: string): TableRow {
  const cells = line.slice(2, -2).split(/(?<!(?<!\\)(?:\\\\)*\\) \| /)
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

function itemFacts(lines: readonly string[]): TableRow {
  const externalIds: [string, string][] = []
  const fields: Record<string, unknown> = {}
  for (const [name, text] of lines.map(named)) {
    if (['required', 'optional', 'conditional'].includes(name)) {
      fields.necessity = name
      if (text !== '') fields.condition = plain(text)
    } else if (name === 'part') fields.component = plain(text)
    else if (name === 'owner') fields.owner = plain(text)
    else if (name === 'tags') fields.tags = list(text)
    else externalIds.push([plain(name).replace(/^id in /, ''), plain(text)])
  }
  return { ...fields, ...(externalIds.length > 0 && { externalIds: Object.fromEntries(externalIds) }) }
}

function remarkFacts(lines: readonly string[]): TableRow {
  const references: object[] = []
  const fields: Record<string, unknown> = {}
  for (const [name, text] of lines.map(named)) {
    if (name === 'remarks') fields.requirementRemarks = plain(text)
    else if (name === 'HTTP proxy') fields.httpProxy = text
    else if (name === 'TLS inspection') fields.tlsInspection = text
    else if (name === 'inferred') fields.inferred = list(text)
    else if (name === 'see') references.push(readReference(text))
    else throw new Error(`a remark that nobody knows: ${name}`)
  }
  return { ...fields, ...(references.length > 0 && { references }) }
}

function readReference(text: string): object {
  const [, title, url] = /^\[((?:[^\\\]]|\\.)*)\]\(<((?:[^\\>]|\\.)*)>\)$/s.exec(text) ?? []
  return title === undefined || url === undefined ? { url: plain(text) } : { title: plain(title), url: plain(url) }
}

function readService(text: string): TableRow {
  const [, transport, from, to, type, code, application, source] =
    /^(ip\/\d+|\w+)(?:\/(\d+)(?:-(\d+))?)?(?: type (\d+)(?: code (\d+))?)?(?: \(([^)]+)\))?(?:, from port (.+))?$/.exec(
      text
    ) ?? []
  if (transport === undefined) throw new Error(`not a service: ${text}`)
  return {
    transport,
    ...(from !== undefined && { portFrom: Number(from), portTo: Number(to ?? from) }),
    ...(type !== undefined && { icmp: { type: Number(type), ...(code !== undefined && { code: Number(code) }) } }),
    ...(application !== undefined && { application }),
    ...(source !== undefined && { sourcePorts: source.split(' or ') })
  }
}

function readEndpoint([first, ...lines]: readonly string[]): TableRow {
  if (first === undefined) return {}
  const fields: Record<string, unknown> = readTarget(plain(first))
  for (const [name, text] of lines.map(named)) {
    if (name === 'serves') fields.serves = list(text)
    else if (name === 'replaced by') fields.replacedBy = list(text)
    else if (name === 'select') fields.select = JSON.parse(plain(text))
    else if (name === 'tags') fields.endpointTags = list(text)
    else if (name === 'remarks') fields.remarks = plain(text)
    else throw new Error(`a fact that nobody knows: ${name}`)
  }
  return fields
}

function readTarget(text: string): Record<string, unknown> {
  if (text === 'any address') return { kind: 'any' }
  const [, endpointTitle, role] = /^(.*) \(role ([a-z0-9._-]+)\)$/.exec(text) ?? []
  if (role !== undefined) return { kind: 'role', value: role, endpointTitle }
  const [, feed, url] = /^list ([a-z0-9._-]+): (\S+)$/.exec(text) ?? []
  if (feed !== undefined) return { kind: 'feed', value: feed, url }
  if (isIP(text.replace(/\/\d+$/, ''))) return { kind: 'address', value: text }
  if (text.includes('/')) return { kind: 'url', value: text }
  return { kind: /[<*]/.test(text.replace(/^\*\./, '')) ? 'pattern' : 'host', value: text }
}
