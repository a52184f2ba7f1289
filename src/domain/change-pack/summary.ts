import { formatInstant, type Instant } from '../time/instant.ts'
import type { ChangePack, PackRow, PackStep } from './change-pack.ts'

type MovingStep = Exclude<PackStep, { readonly do: 'verify' }>

/** The work in one line: `Open 4 addresses from 2018-10-01; close 6 from 2018-11-22.` */
export function summaryOf({ steps }: Pick<ChangePack, 'steps'>): string {
  const moving = steps.filter((step): step is MovingStep => step.do !== 'verify')
  if (moving.length === 0) return 'There is nothing to open and nothing to close.'
  const line = moving.map((step, index) => partOf(step, moving[index - 1])).join('; ')
  return `${line.charAt(0).toUpperCase() + line.slice(1)}.`
}

/** What is counted is not named again where the part before counts the same kind alone. */
function partOf(step: MovingStep, before: MovingStep | undefined): string {
  const [kind, ...others] = kindsOf(step)
  const isSame = before !== undefined && others.length === 0 && kindsOf(before).join() === kind
  const what = isSame ? valuesOf(step.rows).size : countText(step.rows)
  return `${step.do} ${what} from ${dayText(step.notBefore)}`
}

function kindsOf({ rows }: MovingStep): readonly string[] {
  return [...new Set(rows.map(({ kind }) => kind))]
}

function valuesOf(rows: readonly Pick<PackRow, 'value'>[]): ReadonlySet<string> {
  return new Set(rows.map(({ value }) => value))
}

const nouns: Readonly<Record<PackRow['kind'], readonly [string, string]>> = {
  address: ['address', 'addresses'],
  host: ['host', 'hosts'],
  pattern: ['pattern', 'patterns'],
  url: ['URL', 'URLs'],
  role: ['role', 'roles'],
  feed: ['feed', 'feeds'],
  any: ['flow to any destination', 'flows to any destination']
}

/** The distinct values of some rows, counted by kind: `4 addresses and 1 host`. */
export function countText(rows: readonly Pick<PackRow, 'kind' | 'value'>[]): string {
  const counts = Object.entries(nouns).flatMap(([kind, [one, many]]) => {
    const { size } = valuesOf(rows.filter((row) => row.kind === kind))
    return size === 0 ? [] : [`${size} ${size === 1 ? one : many}`]
  })
  const last = counts.pop() ?? 'nothing'
  return counts.length > 0 ? `${counts.join(', ')} and ${last}` : last
}

/** A day, or the instant where it is not the first of a day. */
function dayText(instant: Instant): string {
  return formatInstant(instant).replace(/T00:00:00Z$/, '')
}
