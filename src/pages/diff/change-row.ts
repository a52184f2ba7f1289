import type { Change } from '../../domain/change/change.ts'
import { equalJson } from '../../domain/json/equal-json.ts'
import type { Service } from '../../domain/network/network-service.ts'
import { portText } from '../../domain/network/port.ts'
import { dateTime } from '../template/date-text.ts'

/** A change as a row of the page. */
export interface ChangeRow {
  readonly mark: '+' | '−' | '~'
  /** What changed: a value, `the requirement itself`, or the part of the catalogue. */
  readonly what: string
  readonly op: Change['op']
  readonly fields: readonly FieldStep[]
}

/** A field, as it was and as it is. A side without it is absent. */
export interface FieldStep {
  readonly name: string
  readonly before?: string
  readonly after?: string
}

export function changeRow(change: Change): ChangeRow {
  const { op, endpoint, requirement, pointer } = change
  return {
    mark: op === 'added' ? '+' : op === 'removed' ? '−' : '~',
    what: endpoint
      ? (endpoint.value ?? endpoint.kind)
      : requirement === undefined
        ? pointer.slice(1)
        : 'the requirement itself',
    op,
    fields: fieldSteps(change)
  }
}

/** What says of a new or an old requirement what it is. */
const requirementFields: readonly string[] = ['title', 'scope', 'direction', 'necessity', 'services']
/** What the row says already, or what follows from the dates. */
const knownFields: readonly string[] = ['kind', 'value', 'status']

function fieldSteps({ op, endpoint, requirement, before, after }: Change): readonly FieldStep[] {
  if (op === 'reordered') return []
  if (requirement === undefined) return [stepOf('', before, after)]
  const steps = stepsBetween(before, after)
  if (op === 'changed' || op === 'renamed') return steps
  return steps.filter(({ name }) => (endpoint ? !knownFields.includes(name) : requirementFields.includes(name)))
}

/** The fields in which two objects differ. Either may be absent. */
export function stepsBetween(before: unknown, after: unknown): readonly FieldStep[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((name) => !equalJson(was.get(name), is.get(name)))
    .map((name) => stepOf(name, was.get(name), is.get(name)))
}

function stepOf(name: string, before: unknown, after: unknown): FieldStep {
  return {
    name: name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    ...(before !== undefined && { before: fieldText(name, before) }),
    ...(after !== undefined && { after: fieldText(name, after) })
  }
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : [])
}

const longest = 500

function fieldText(name: string, value: unknown): string {
  const text = writtenText(name, value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

function writtenText(name: string, value: unknown): string {
  if ((name === 'from' || name === 'until') && typeof value === 'string') return dateTime(value).text
  if (name === 'services' && Array.isArray(value)) {
    // The field `services` of a requirement has no other shape.
    const services = value as readonly Service[]
    return services.map(flowText).join(', ')
  }
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ')
  return JSON.stringify(value)
}

/** `tcp/80,443 (http)` */
function flowText({ transport, ports, icmp, application }: Service): string {
  const message = icmp && `/${icmp.type}${icmp.code === undefined ? '' : `.${icmp.code}`}`
  const place = ports ? `/${ports.map(portText).join(',')}` : (message ?? '')
  return `${transport}${place}${application === undefined ? '' : ` (${application})`}`
}
