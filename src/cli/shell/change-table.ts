import type { Change, Impact } from '../../domain/change/change.ts'
import { equalJson } from '../../domain/json/equal-json.ts'
import { endpointName } from './endpoint-text.ts'
import type { Shell } from './shell.ts'
import { clipText, type Paint, renderTable, type TableRow } from './table.ts'

/** One line for each change: `+`, `-` or `~`, the changed row, what the change means for a firewall, and the fields that differ. */
export function changeTable({ colours }: Shell, changes: readonly Change[]): string {
  const impacts: Readonly<Record<Impact, Paint>> = {
    opens: colours.green,
    closes: colours.red,
    announces: colours.cyan,
    informs: colours.dim
  }
  const rows = changes.map((change): TableRow => {
    const { op, requirement, endpoint, pointer, impact } = change
    const paint = op === 'added' ? colours.green : op === 'removed' ? colours.red : colours.yellow
    const what = endpoint ? endpointName(endpoint) : requirement === undefined ? op : 'requirement'
    return [
      { text: op === 'added' ? '+' : op === 'removed' ? '-' : '~', paint },
      { text: requirement ?? pointer, paint },
      { text: op === 'renamed' ? op : what, paint },
      { text: impact, paint: impacts[impact] },
      detailOf(change)
    ]
  })
  return renderTable(rows)
}

function detailOf({ op, endpoint, requirement, before, after }: Change): string {
  if (op === 'reordered') return ''
  if (requirement === undefined) return stepText('', before, after)
  if (op === 'changed' || op === 'renamed') return differenceText(before, after)
  const row = fieldsOf(op === 'added' ? after : before)
  const names = endpoint ? ['title', 'url', 'from', 'until', 'serves', 'replacedBy'] : ['title']
  return names
    .filter((name) => row.has(name))
    .map((name) => `${name} ${valueText(row.get(name))}`)
    .join(', ')
}

/** The fields in which two rows differ, each with its old and its new value. */
function differenceText(before: unknown, after: unknown): string {
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((name) => !equalJson(was.get(name), is.get(name)))
    .map((name) => stepText(name, was.get(name), is.get(name)))
    .join(', ')
}

function stepText(name: string, was: unknown, is: unknown): string {
  const step = [was, is].filter((value) => value !== undefined).map(valueText)
  return `${is === undefined ? 'no longer ' : ''}${name} ${step.join(' → ')}`.trim()
}

function fieldsOf(row: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof row === 'object' && row !== null ? Object.entries(row) : [])
}

function valueText(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return clipText(value.join(' '), 70)
  return clipText(typeof value === 'string' ? value : JSON.stringify(value), 70)
}
