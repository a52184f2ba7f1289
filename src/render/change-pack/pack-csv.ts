import type { PackRow, PackStep } from '../../domain/change-pack/change-pack.ts'
import { rowPorts } from '../../domain/change-pack/row-ports.ts'
import type { SubjectPack } from '../../domain/change-pack/subject-pack.ts'
import { inertText } from '../../domain/table/inert-text.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { csvLine } from '../csv-text.ts'

type Cell = (step: PackStep, row: PackRow, pack: SubjectPack) => string

/** The columns in their order. Values of one cell stand apart by spaces. */
const columns: Readonly<Record<string, Cell>> = {
  pack: (_, __, { id }) => id,
  step: ({ n }) => String(n),
  do: (step) => step.do,
  notBefore: (step) => instantText('notBefore' in step ? step.notBefore : undefined),
  by: (step) => instantText('by' in step ? step.by : undefined),
  after: (step) => ('after' in step ? (step.after ?? []) : []).join(' '),
  direction: (_, { direction }) => direction,
  kind: (_, { kind }) => kind,
  value: (_, { kind, value }) => (kind === 'any' ? '' : value),
  services: (_, row) => rowPorts(row).join(' '),
  slice: (_, { slice }) => slice,
  requirements: (_, { requirements }) => requirements.join(' '),
  conditions: (_, { condition = [] }) => condition.join(' '),
  replacedBy: (_, { replacedBy = [] }) => replacedBy.join(' '),
  was: (_, { was }) => instantText(was)
}

/** The columns of a pack of a site. */
const siteColumns: typeof columns = {
  ...columns,
  sources: (_, { sources = [] }) => sources.join(' ')
}

/** A change pack as comma-separated values, RFC 4180 with a header row: a line for each row of each step. */
export function packCsv(pack: SubjectPack): string {
  const own = pack.subject.kind === 'site' ? siteColumns : columns
  const cells = Object.values(own)
  const lines = pack.steps.flatMap((step) =>
    step.rows.map((row) => csvLine(cells.map((cell) => inertText(cell(step, row, pack)))))
  )
  return [csvLine(Object.keys(own)), ...lines].join('')
}

function instantText(instant: Instant | undefined): string {
  return instant === undefined ? '' : formatInstant(instant)
}
