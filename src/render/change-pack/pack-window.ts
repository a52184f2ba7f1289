import type { PackRow, PackStep } from '../../domain/change-pack/change-pack.ts'
import { probesOf } from '../../domain/change-pack/probe.ts'
import { rowPorts } from '../../domain/change-pack/row-ports.ts'
import type { SubjectPack } from '../../domain/change-pack/subject-pack.ts'
import { countText } from '../../domain/change-pack/summary.ts'
import { dayMs } from '../../domain/time/duration.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { backoutUrl } from './pack-json.ts'

/** A piece of work that is done at one time, as tickets have it: what is opened, with the check that it answers, or what is closed. */
export interface PackWindow {
  /** The id of the pack and the number of the step: it stays the same for whoever asks again. */
  readonly id: string
  readonly step: number
  readonly do: 'open' | 'close'
  /** Such as `Open 4 addresses`. */
  readonly title: string
  readonly begins: Instant
  /** When it must be done; a day after its begin, where nothing says so. */
  readonly ends: Instant
  /** What is done, a line for each row. */
  readonly rows: readonly string[]
  /** The conditions under which it is needed at all. */
  readonly conditions: readonly string[]
  /** Commands that show that the other end answers. */
  readonly checks: readonly string[]
  /** The steps that come first. */
  readonly after: readonly number[]
  readonly backout: string
}

/** The windows of a change pack in the order of its steps. `base`: what the paths of links follow. */
export function windowsOf(pack: SubjectPack, base: string): readonly PackWindow[] {
  return pack.steps.flatMap((step) => (step.do === 'verify' ? [] : [windowOf(step, pack, base)]))
}

function windowOf(step: Exclude<PackStep, { do: 'verify' }>, pack: SubjectPack, base: string): PackWindow {
  const by = 'by' in step ? step.by : undefined
  const isOpen = step.do === 'open'
  return {
    id: `${pack.id}-${step.n}`,
    step: step.n,
    do: step.do,
    title: `${isOpen ? 'Open' : 'Close'} ${countText(step.rows)}`,
    begins: step.notBefore,
    ends: by !== undefined && by > step.notBefore ? by : step.notBefore + dayMs,
    rows: step.rows.map(rowText),
    conditions: [...new Set(step.rows.flatMap(({ condition = [] }) => condition))],
    checks: isOpen ? step.rows.flatMap(probesOf) : [],
    after: isOpen ? [] : (step.after ?? []),
    backout: isOpen ? 'Remove these rows.' : `Load ${backoutUrl(pack, step.notBefore, base)}`
  }
}

/** A row in a line: `outbound 192.0.2.1 tcp/443, needed by updates`. */
export function rowText(row: PackRow): string {
  const { direction, sources, kind, value, requirements, replacedBy = [] } = row
  const successors = replacedBy.length > 0 ? `, replaced by ${replacedBy.join(', ')}` : ''
  const what = kind === 'any' ? 'any' : value
  const own = sources ? ` of ${sources.join(' ')}` : ''
  return `${direction}${own} ${what} ${rowPorts(row).join(', ')}, needed by ${requirements.join(', ')}${successors}`
}
