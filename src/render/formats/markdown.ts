import type { Revision } from '../../domain/history/revision.ts'
import { historyHeadings, markdownHeadings, siteMarkdownHeadings } from '../../domain/table/own-markdown.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { type CatalogueView, isSiteView, type View } from '../../domain/view/view.ts'
import { type FlatRow, flatRows } from '../export/flat-rows.ts'
import type { TableFormat, TableInput } from '../export/format.ts'
import { markdownCells, siteMarkdownCells } from '../export/markdown-row.ts'
import { escapeMarkdown, markdownFact, markdownLines, markdownTable } from '../markdown-text.ts'

export const markdown: TableFormat = {
  kind: 'table',
  name: 'markdown',
  title: 'Markdown page',
  description:
    'For people: the document as they read it, with guidance, external and internal connections in a table each, and the change history, for wikis, merge requests and change tickets. GitHub Flavored Markdown.',
  mediaType: 'text/markdown; charset=utf-8',
  extension: 'md',
  hasHistory: true,
  render
}

function render({ head, view, history }: TableInput): string {
  const [title = '', ...lines] = head.lines
  return [
    `# ${escapeMarkdown(title)}\n`,
    bullets([...(isSiteView(view) ? [] : profileFacts(view)), ...lines.map(escapeMarkdown)]),
    ...(isSiteView(view) ? [] : guidanceSections(view)),
    ...connectionSections(view),
    ...historySection(history)
  ].join('\n')
}

/** What the catalogue says as a whole. */
function profileFacts(view: CatalogueView): readonly string[] {
  const { vendor, product, version } = view
  const { aliases = [], successor, endOfSupport, components = [], variables = [] } = view
  return [
    markdownFact('product', `${vendor} ${product}, version ${version}`),
    ...aliases.map((alias) => markdownFact('also called', alias)),
    ...(successor === undefined ? [] : [markdownFact('successor', successor)]),
    ...(endOfSupport === undefined ? [] : [markdownFact('end of support', endOfSupport)]),
    ...components.map(({ key, title }) => markdownFact(`part ${key}`, title)),
    ...variables.map(({ key, title, pattern }) =>
      markdownFact(`variable <${key}>`, pattern === undefined ? title : `${title} (${pattern})`)
    )
  ]
}

/** The guidance by topic. Topics come in the order in which the author first names them. */
function guidanceSections({ guidance = [] }: CatalogueView): readonly string[] {
  const topics = [...new Set(guidance.map(({ topic }) => topic))]
  if (topics.length === 0) return []
  return [
    '## Guidance\n',
    ...topics.flatMap((topic) => [
      `### ${escapeMarkdown(topic)}\n`,
      bullets(guidance.filter((each) => each.topic === topic).map(({ key, text }) => markdownFact(key, text)))
    ])
  ]
}

const sections = [
  { scope: 'external', heading: 'External connections' },
  { scope: 'internal', heading: 'Internal connections' }
] as const

function connectionSections(view: View): readonly string[] {
  return sections.flatMap(({ scope, heading }) => {
    const requirements = view.requirements.filter((requirement) => requirement.scope === scope)
    if (requirements.length === 0) return []
    const own = { ...view, requirements }
    const table = isSiteView(view)
      ? markdownTable(siteMarkdownHeadings, rowsOf(own, siteMarkdownCells))
      : markdownTable(markdownHeadings, rowsOf(own, markdownCells))
    return [`## ${heading}\n`, table]
  })
}

function rowsOf(view: View, cellsOf: typeof markdownCells): readonly (readonly string[])[] {
  let last: FlatRow | undefined
  return [...flatRows(view)].map((row) => {
    const isFirst = row.requirement !== last?.requirement || row.catalogue !== last.catalogue
    last = row
    return cellsOf(row, isFirst)
  })
}

/** The revisions, newest first, as a paper lists its issues. */
function historySection(history: readonly Revision[]): readonly string[] {
  if (history.length === 0) return []
  const rows = history.map(({ number, label, publishedAt, summary, reason, reconstructed }) => [
    formatInstant(publishedAt),
    `${number} (${escapeMarkdown(label)})`,
    markdownLines([
      escapeMarkdown(summary),
      ...(reason === undefined ? [] : [markdownFact('reason', reason)]),
      ...(reconstructed ? ['reconstructed: no such document was ever published'] : [])
    ])
  ])
  const earlier = (history.at(-1)?.number ?? 1) - 1
  return [
    '## Change history\n',
    markdownTable(historyHeadings, rows),
    ...(earlier === 0 ? [] : [bullets([`revisions before these: ${earlier}`])])
  ]
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}\n`).join('')
}
