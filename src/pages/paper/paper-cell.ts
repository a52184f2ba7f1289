import type { Status } from '../../domain/document/endpoint.ts'
import type { ViewEndpoint } from '../../domain/view/view.ts'
import { type DateText, dayOrTime } from '../template/date-text.ts'

/** An endpoint as a cell of the paper prints it. */
export interface PaperCell {
  readonly text: string
  /** Whether people copy the text, since a firewall takes it. */
  readonly isValue: boolean
  /** The list that a feed is. */
  readonly url?: string
  /** Absent where it is active without an end: then there is nothing to say. */
  readonly status?: StatusText
  readonly notes: readonly string[]
}

/** A status in words: `retiring: until 22 Nov 2018, 00:00 UTC → 185.155.104.24`. */
interface StatusText {
  readonly word: Status
  /** What stands between the word and the date. */
  readonly preposition: string
  readonly date?: DateText
  readonly replacedBy: string
}

export function paperCell(endpoint: ViewEndpoint): PaperCell {
  const { remarks, tags, feed } = endpoint
  const status = statusText(endpoint)
  return {
    ...valueText(endpoint),
    ...(status && { status }),
    notes: [
      ...(remarks === undefined ? [] : [remarks]),
      ...(tags ? [`Tags: ${tags.join(', ')}`] : []),
      ...(feed ? [`From the list ${feed.catalogue}, revision ${feed.revision}`] : [])
    ]
  }
}

function valueText(endpoint: ViewEndpoint): Pick<PaperCell, 'text' | 'isValue' | 'url'> {
  switch (endpoint.kind) {
    case 'host':
    case 'address':
    case 'pattern':
    case 'url':
      return { text: endpoint.value, isValue: true }
    case 'role':
      return { text: endpoint.title, isValue: false }
    case 'feed':
      return { text: `List ${endpoint.value}${selectText(endpoint.select)}`, isValue: false, url: endpoint.url }
    case 'any':
      return { text: 'any address', isValue: false }
    default:
      throw new Error(`unknown kind ${endpoint satisfies never}`)
  }
}

function selectText(select: Readonly<Record<string, readonly string[]>> | undefined): string {
  if (!select) return ''
  const parts = Object.entries(select).map(([field, values]) => `${field} ${values.join(' or ')}`)
  return ` (${parts.join(', ')})`
}

function statusText({ status, from, until, replacedBy = [] }: ViewEndpoint): StatusText | undefined {
  const rest = { replacedBy: replacedBy.join(', ') }
  switch (status) {
    case 'active':
      return undefined
    case 'planned':
      return { word: status, preposition: 'from', ...(from !== undefined && { date: dayOrTime(from) }), ...rest }
    case 'retiring':
      return { word: status, preposition: 'until', ...(until !== undefined && { date: dayOrTime(until) }), ...rest }
    case 'retired':
      return { word: status, preposition: 'since', ...(until !== undefined && { date: dayOrTime(until) }), ...rest }
    default:
      throw new Error(`unknown status ${status satisfies never}`)
  }
}
