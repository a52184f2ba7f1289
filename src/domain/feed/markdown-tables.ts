import type MarkdownIt from 'markdown-it'
import type { Table } from '../table/table.ts'

/** What reads a page of Markdown. */
type Parser = Pick<InstanceType<typeof MarkdownIt>, 'parse'>
type Token = ReturnType<Parser['parse']>[number]

/** A table of a page. */
export interface MarkdownTable {
  readonly table: Table
  /** Its cells as they stand between the pipes, with their escapes. */
  readonly raw: readonly (readonly string[])[]
  /** The text of the heading above it. */
  readonly section: string
}

/** The tables of a page of GitHub Flavored Markdown, with the text that a reader sees in their cells. */
export function markdownTables(parser: Parser, text: string): readonly MarkdownTable[] {
  const tables: MarkdownTable[] = []
  let section = ''
  let lines: { line: number; cells: string[] }[] | undefined
  let raw: string[][] = []
  let isHeading = false
  for (const token of parser.parse(text, {})) {
    if (token.type === 'heading_open' || token.type === 'heading_close') isHeading = token.type === 'heading_open'
    else if (token.type === 'table_open') [lines, raw] = [[], []]
    else if (token.type === 'table_close' && lines) {
      tables.push({ table: { lines }, raw, section })
      lines = undefined
    } else if (token.type === 'tr_open') {
      lines?.push({ line: (token.map?.[0] ?? 0) + 1, cells: [] })
      raw.push([])
    } else if (token.type === 'inline' && lines) {
      lines.at(-1)?.cells.push(seenText(token.children ?? []))
      raw.at(-1)?.push(token.content)
    } else if (token.type === 'inline' && isHeading) section = seenText(token.children ?? [])
  }
  return tables
}

/** The text of a cell: `<br>` is a line break, other tags are nothing, and of a link its text, with its address where that says more. */
function seenText(tokens: readonly Token[]): string {
  let text = ''
  for (const { type, content } of tokens)
    if (type === 'html_inline') text += /^<br\b/i.test(content) ? '\n' : ''
    else if (type === 'softbreak' || type === 'hardbreak') text += '\n'
    else text += content
  return text.trim()
}
