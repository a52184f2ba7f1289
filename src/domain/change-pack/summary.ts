import { formatInstant, type Instant } from '../time/instant.ts'
import type { ChangePack, PackRow, PackStep } from './change-pack.ts'

/** The work in one line: `Open 4 addresses from 2018-10-01; close 6 from 2018-11-22.` */
export function summaryOf({ steps }: Pick<ChangePack, 'steps'>): string {
  const parts = steps.flatMap((step) => (step.do === 'verify' ? [] : [partOf(step)]))
  if (parts.length === 0) return 'There is nothing to open and nothing to close.'
  const [first = '', ...rest] = parts
  return `${[first.charAt(0).toUpperCase() + first.slice(1), ...rest].join('; ')}.`
}

function partOf(step: Exclude<PackStep, { readonly do: 'verify' }>): string {
  return `${step.do} ${countText(step.rows)} from ${dayText(step.notBefore)}`
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
    const { size } = new Set(rows.filter((row) => row.kind === kind).map(({ value }) => value))
    return size === 0 ? [] : [`${size} ${size === 1 ? one : many}`]
  })
  const last = counts.pop() ?? 'nothing'
  return counts.length > 0 ? `${counts.join(', ')} and ${last}` : last
}

/** A day, or the instant where it is not the first of a day. */
function dayText(instant: Instant): string {
  return formatInstant(instant).replace(/T00:00:00Z$/, '')
}
