import type { CataloguePack } from '../../domain/change-pack/catalogue-pack.ts'
import type { PackRow, PackStep } from '../../domain/change-pack/change-pack.ts'
import { flowPortText } from '../../domain/change-pack/needed-flow.ts'
import { rowPorts } from '../../domain/change-pack/row-ports.ts'
import type { Document } from '../../domain/document/document.ts'
import { groupBy } from '../../domain/group.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { View } from '../../domain/view/view.ts'
import type { Links } from '../frame/links.ts'
import { type DateText, dateTime } from '../template/date-text.ts'

/** A line of the work. */
interface TodoRow {
  readonly value: string
  readonly direction: string
  readonly ports: string
  readonly needs: readonly Need[]
  /** From when on, and by when. */
  readonly from?: DateText
  readonly by?: DateText
  readonly replacedBy: string
  /** Only where this holds. */
  readonly condition: string
}

interface Need {
  readonly text: string
  readonly href: string
}

/** Something that no catalogue can know. */
interface Decision {
  readonly values: readonly string[]
  readonly why: string
  readonly needs: readonly Need[]
}

type DatedStep = Exclude<PackStep, { readonly do: 'verify' }>

/** What there is to do, in the sections of the page. */
export function todoContent(pack: CataloguePack, document: Pick<Document, 'requirements'>, view: View, links: Links) {
  const id = pack.to.catalogue
  const needOf = (key: string, catalogue = id): Need => ({
    text: catalogue === id ? key : `${key} of ${catalogue}`,
    href: `${links.across(`/c/${catalogue}`)}#${encodeURIComponent(key)}`
  })
  const rowsOf = (kind: DatedStep['do']): readonly TodoRow[] =>
    pack.steps
      .filter((step): step is DatedStep => step.do === kind)
      .flatMap((step) => step.rows.map((row) => ({ step, row })))
      .sort((a, b) => dateOf(a.step) - dateOf(b.step))
      .map(({ step, row }) => rowOf(step, row, needOf))
  const closing = new Set(
    pack.steps.filter(({ do: what }) => what === 'close').flatMap(({ rows }) => rows.map(({ value }) => value))
  )
  return {
    open: rowsOf('open'),
    close: rowsOf('close'),
    kept: pack.kept.map(({ flow, neededBy }) => ({
      value: flow.kind === 'any' ? 'any' : flow.value,
      direction: flow.direction,
      ports: flowPortText(flow),
      needs: neededBy.map(({ catalogue, requirement }) => needOf(requirement, catalogue))
    })),
    ending: endingOf(view, closing, needOf),
    decide: decisionsOf(pack, document, needOf)
  }
}

/** When a step is due. */
function dateOf(step: DatedStep): Instant {
  return step.do === 'open' ? (step.by ?? step.notBefore) : step.notBefore
}

function rowOf(step: DatedStep, row: PackRow, needOf: (key: string) => Need): TodoRow {
  const { kind, value, direction, requirements, replacedBy = [], condition = [] } = row
  return {
    value: kind === 'any' ? 'any' : value,
    direction,
    ports: rowPorts(row).join(', '),
    needs: requirements.map((key) => needOf(key)),
    from: dateTime(step.notBefore),
    ...(step.do === 'open' && step.by !== undefined && { by: dateTime(step.by) }),
    replacedBy: replacedBy.join(', '),
    condition: condition.join(' ')
  }
}

/** What holds now and ends, and was not told as something to close already. */
function endingOf({ requirements }: View, closing: ReadonlySet<string>, needOf: (key: string) => Need) {
  return requirements
    .flatMap(({ key, endpoints }) => endpoints.map((endpoint) => ({ key, endpoint })))
    .flatMap(({ key, endpoint }) => {
      const { status, until } = endpoint
      const value = 'value' in endpoint ? endpoint.value : endpoint.kind
      if (status !== 'retiring' || until === undefined || closing.has(value)) return []
      return [{ value, until, row: { value, by: dateTime(until), needs: [needOf(key)] } }]
    })
    .sort((a, b) => (a.until < b.until ? -1 : a.until > b.until ? 1 : 0))
    .map(({ row }) => row)
}

/** What is opened and has no address that a catalogue could name, or a condition that only its reader knows. */
function decisionsOf(
  { steps }: CataloguePack,
  { requirements }: Pick<Document, 'requirements'>,
  needOf: (key: string) => Need
): readonly Decision[] {
  const addressed = new Set(
    requirements.filter(({ endpoints }) => endpoints.some(({ kind }) => kind === 'address')).map(({ key }) => key)
  )
  const rows = steps.filter((step) => step.do === 'open').flatMap((step) => step.rows)
  const found = rows.flatMap((row) => {
    const reasons = [
      reasonOf(row, addressed),
      row.condition && row.condition.length > 0 ? `Only where this holds: ${row.condition.join(' ')}` : undefined
    ]
    const value = row.kind === 'any' ? 'any' : row.value
    return reasons.flatMap((why) => (why === undefined ? [] : [{ value, why, requirements: row.requirements }]))
  })
  const groups = groupBy(found, ({ why, requirements: keys }) => JSON.stringify([why, keys]))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const values = [...new Set(group.map(({ value }) => value))]
    return [{ values, why: first.why, needs: first.requirements.map((key) => needOf(key)) }]
  })
}

function reasonOf({ kind, value, requirements }: PackRow, addressed: ReadonlySet<string>): string | undefined {
  switch (kind) {
    case 'role':
      return 'A role: you alone know its addresses.'
    case 'feed':
      return 'A list that is published elsewhere: read it there.'
    case 'any':
      return 'Any address: you say how far that reaches.'
    case 'pattern':
      return value.includes('<')
        ? 'The pattern has a variable that you fill in.'
        : 'A pattern of names: your firewall has to take one.'
    case 'host':
      return requirements.some((key) => addressed.has(key))
        ? undefined
        : 'A host whose addresses are not named: your firewall has to resolve the name.'
    case 'url':
      return 'A URL: your proxy or firewall has to look into the traffic, or take the host.'
    case 'address':
      return undefined
    default:
      throw new Error(`unknown kind ${kind satisfies never}`)
  }
}
