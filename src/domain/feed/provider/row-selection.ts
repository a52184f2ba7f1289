import { PortolanError } from '../../errors.ts'
import { quote } from '../../json/source-text.ts'
import { suggestion } from '../../nearest-name.ts'
import type { ReadingNote } from '../../table/table-reading.ts'
import { compareText } from '../../text.ts'
import { type FeedSource, unreadableSource } from '../adapter.ts'
import { isSelected, type Select, type SelectField } from '../select.ts'

/** What a row of a list has in the fields that `select` knows. */
type RowValues = Readonly<Record<string, readonly string[]>>

const mostShown = 20

/** Takes the rows of a list that are selected, and remembers what there was to select. */
export class RowSelection {
  private readonly source: FeedSource
  private readonly select: Select | undefined
  private readonly found = new Map<string, Set<string>>()
  private total = 0
  private taken = 0

  /** @throws PortolanError `invalid_parameter` where a field is none of the list */
  constructor(source: FeedSource, fields: readonly SelectField[], select: Select | undefined) {
    this.source = source
    this.select = select && knownSelect(select, fields)
    for (const field of Object.keys(this.select ?? {})) this.found.set(field, new Set())
  }

  takes(values: RowValues): boolean {
    this.total += 1
    if (!this.select) return true
    for (const [field, known] of this.found) for (const value of values[field] ?? []) known.add(value)
    const isTaken = isSelected(this.select, (field) => values[field] ?? [])
    if (isTaken) this.taken += 1
    return isTaken
  }

  /** @throws PortolanError `invalid_source` where there are rows, and none is selected */
  requireRows(): void {
    const { select, total, taken } = this
    if (!select || taken > 0 || total === 0) return
    const wanted = Object.entries(select)
    const [field] = wanted.find(([name, values]) => !this.hasAny(name, values)) ?? wanted[0] ?? ['']
    const known = [...(this.found.get(field) ?? [])].sort(compareText)
    const shown = known
      .slice(0, mostShown)
      .map((value) => quote(value).slice(1, -1))
      .join(', ')
    const more = known.length > mostShown ? ` and ${known.length - mostShown} others` : ''
    const there = known.length === 0 ? `no row has a ${field}` : `of ${field} there are: ${shown}${more}`
    throw unreadableSource(
      this.source,
      'nothing_selected',
      `has nothing to take: no row has ${selectText(wanted)}; ${there}`
    )
  }

  notes(): readonly ReadingNote[] {
    const { select, total, taken } = this
    if (!select) return []
    return [{ kind: 'narrowed', detail: `${selectText(Object.entries(select))} takes ${taken} of ${total} rows` }]
  }

  private hasAny(field: string, values: readonly string[]): boolean {
    return [...(this.found.get(field) ?? [])].some((value) => isSelected({ [field]: values }, () => [value]))
  }
}

/** The names of fields as the list writes them. */
function knownSelect(select: Select, fields: readonly SelectField[]): Select {
  const names = fields.map(({ name }) => name)
  const known = new Map<string, readonly string[]>()
  for (const [written, values] of Object.entries(select)) {
    const name = names.find((each) => each.toLowerCase() === written.toLowerCase())
    if (name === undefined)
      throw new PortolanError(
        'invalid_parameter',
        `The list has no field ${quote(written)} to select by${suggestion(written, names)}.`
      )
    known.set(name, [...(known.get(name) ?? []), ...values])
  }
  return Object.fromEntries(known)
}

function selectText(select: readonly (readonly [string, readonly string[]])[]): string {
  return select
    .map(([field, values]) => `${field}=${values.map((value) => quote(value).slice(1, -1)).join(',')}`)
    .join(' and ')
}
