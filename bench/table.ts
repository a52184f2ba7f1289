import { digits } from './figures.ts'
import { meetsGoal, type Row, type Size } from './row.ts'

const heads = ['', 'measured', 'against', 'figure', 'goal', ''] as const

/** The rows as a Markdown table with aligned columns. A quick run shows no goals. */
export function table(rows: readonly Row[], size: Size): string {
  const lines: readonly (readonly string[])[] = [heads, ...rows.map((row) => cells(row, size))]
  const widths = heads.map((_, column) => Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)))
  const text = lines.map(
    (line) => `| ${widths.map((width, column) => (line[column] ?? '').padEnd(width)).join(' | ')} |`
  )
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [text[0], rule, ...text.slice(1), ''].join('\n')
}

function cells(row: Row, size: Size): readonly string[] {
  const { what, ours, baseline = '', figure, goal } = row
  const unit = figure?.unit === 'x' ? 'x' : ` ${figure?.unit}`
  const spread = figure?.spread ? ` (${figure.spread.map(digits).join(' to ')})` : ''
  const met = meetsGoal(row)
  return [
    what,
    ours,
    baseline,
    figure ? `${digits(figure.value)}${unit}${spread}` : '',
    goal ? ('atMost' in goal ? `≤ ${goal.atMost}${unit}` : `≥ ${goal.atLeast}${unit}`) : '',
    met === undefined || size === 'quick' ? '' : met ? 'met' : 'MISSED'
  ]
}
