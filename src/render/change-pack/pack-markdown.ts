import type { PackRow, PackStep } from '../../domain/change-pack/change-pack.ts'
import { flowPortText } from '../../domain/change-pack/needed-flow.ts'
import { probesOf } from '../../domain/change-pack/probe.ts'
import { rowPorts } from '../../domain/change-pack/row-ports.ts'
import type { SubjectPack } from '../../domain/change-pack/subject-pack.ts'
import { countText, summaryOf } from '../../domain/change-pack/summary.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { escapeMarkdown, markdownTable } from '../markdown-text.ts'

/** A table with more rows is a count with a link. */
const mostRows = 50

/** A change pack as people read it in a ticket. `url`: the same as JSON. */
export function packMarkdown(pack: SubjectPack, url: string): string {
  const { id, product, from, to, steps, kept } = pack
  const heading = `# ${escapeMarkdown(product)}: from ${escapeMarkdown(from.label)} to ${escapeMarkdown(to.label)}`
  const summary = `${summaryOf(pack)} Change pack \`${id}\`, all times UTC.`
  const keptPart = kept.length > 0 ? [keptSection(pack)] : []
  return `${[heading, summary, ...steps.map((step) => section(step, pack, url)), ...keptPart].join('\n\n')}\n`
}

function section(step: PackStep, pack: SubjectPack, url: string): string {
  switch (step.do) {
    case 'open':
      return [
        `## ${step.n}. Open, ${minute(step.notBefore)}${step.by === undefined ? '' : ` to ${minute(step.by)}`}`,
        table(step, pack, ['needed by'], url),
        [...conditions(step.rows), 'Back out: remove these rows.'].join(' ')
      ].join('\n\n')
    case 'verify': {
      const [probe] = step.rows.flatMap(probesOf)
      const how = probe === undefined ? '.' : `: \`${probe}\`, and so on.`
      return `## ${step.n}. Verify, by ${minute(step.by)}\n\nTraffic reaches ${countText(step.rows)} of ${stepsText(step.after)} from where it begins${how}`
    }
    case 'close': {
      const after = step.after ? `, after ${stepsText(step.after)}` : ''
      const wasOpen =
        step.notBefore > pack.since
          ? `revision ${pack.to.number} at ${second(step.notBefore - 1000)}`
          : `revision ${pack.from.number} at ${second(pack.since)}`
      return [
        `## ${step.n}. Close, not before ${minute(step.notBefore)}${after}`,
        table(step, pack, ['was needed by', 'replaced by'], url),
        `Back out: load the export of ${wasOpen}.`
      ].join('\n\n')
    }
    default:
      throw new Error(`unknown step: ${step satisfies never}`)
  }
}

/** In a site a row has the product's own end, too. */
function table({ rows }: PackStep, { subject }: SubjectPack, last: readonly string[], url: string): string {
  if (rows.length > mostRows) return `${countText(rows)} in ${rows.length} rows: ${url}`
  const isOfSite = subject.kind === 'site'
  const heads = ['direction', ...(isOfSite ? ['own end'] : []), 'value', 'port', ...last]
  const lines = rows.map((row) => [
    row.direction,
    ...(isOfSite ? [(row.sources ?? ['any']).join(', ')] : []),
    row.kind === 'any' ? 'any' : row.value,
    rowPorts(row).join(', '),
    row.requirements.join(', '),
    (row.replacedBy ?? []).join(', ')
  ])
  return markdownTable(
    heads,
    lines.map((line) => line.slice(0, heads.length).map(escapeMarkdown))
  ).trimEnd()
}

function conditions(rows: readonly PackRow[]): readonly string[] {
  const texts = [...new Set(rows.flatMap(({ condition = [] }) => condition))]
  return texts.length > 0 ? [`Only where this holds: ${texts.map(escapeMarkdown).join(' ')}`] : []
}

function keptSection({ kept }: SubjectPack): string {
  const lines = kept.map(({ flow, neededBy }) => {
    const needs = neededBy.map(({ catalogue, requirement }) =>
      catalogue === undefined ? requirement : `${requirement} of ${catalogue}`
    )
    return `- ${flow.direction} ${escapeMarkdown(flow.kind === 'any' ? 'any' : flow.value)} ${flowPortText(flow)}: needed by ${needs.join(', ')}`
  })
  return `## Kept\n\n${lines.join('\n')}`
}

function stepsText(numbers: readonly number[]): string {
  return numbers.length === 1 ? `step ${numbers[0]}` : `steps ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`
}

function second(instant: Instant): string {
  return formatInstant(instant)
    .replace('T', ' ')
    .replace(/(?:\.\d+)?Z$/, '')
}

function minute(instant: Instant): string {
  return second(instant).slice(0, 16)
}
