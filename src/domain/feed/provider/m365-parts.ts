import { quote } from '../../json/source-text.ts'
import { parseAddress } from '../../network/address.ts'
import { readEndpointWord } from '../../table/endpoint-cell.ts'
import { compareText } from '../../text.ts'
import { type Instant, parseInstant } from '../../time/instant.ts'
import { type FeedSource, unreadableSource } from '../adapter.ts'
import { ListReader, type ListRecord } from './list-reader.ts'
import { jsonOfSource } from './source-json.ts'

/** @returns the token of the list, ten digits; undefined where its source has no part `version` */
export function readM365Version(source: FeedSource): string | undefined {
  const part = partOf(source, 'version')
  if (!part) return undefined
  const reader = new ListReader(part)
  const { latest } = reader.document(jsonOfSource(part), { name: 'the version', needed: ['latest'] })
  if (typeof latest === 'string' && /^\d{10}$/.test(latest)) return latest
  throw unreadableSource(part, 'wrong_format', 'has a latest version that is no ten digits', { pointer: '/latest' })
}

/**
 * From when values hold, by the id of their set and their canonical form. Of several dates for a value the last one that was published
 * counts. Dates that are not after `datesAfter` are left out.
 */
export function readM365Dates(source: FeedSource, datesAfter: Instant | undefined): ReadonlyMap<string, string> {
  const dates = new Map<string, string>()
  const part = partOf(source, 'changes')
  if (!part) return dates
  const reader = new ListReader(part)
  const additions = reader
    .rows(jsonOfSource(part), '')
    .flatMap((change, index) => additionOf(reader, change, `/${index}`) ?? [])
    .sort((a, b) => compareText(a.version, b.version) || a.id - b.id)
  const [fault] = reader.refused
  if (fault)
    throw unreadableSource(part, fault.code, `${fault.detail}, at ${fault.pointer}`, { pointer: fault.pointer })
  for (const { set, date, values } of additions)
    for (const value of values) {
      const isAhead = datesAfter === undefined || Date.parse(date) > datesAfter
      if (isAhead) dates.set(`${set} ${value}`, date)
      else dates.delete(`${set} ${value}`)
    }
  return dates
}

interface Addition {
  readonly id: number
  readonly version: string
  readonly set: string
  readonly date: string
  readonly values: readonly string[]
}

const changeShape = { name: 'the changes', needed: ['id', 'endpointSetId', 'version'] }

function additionOf(reader: ListReader, value: unknown, at: string): Addition | undefined {
  const change = reader.record(value, at, changeShape)
  if (!change || change.add === undefined || change.add === null) return undefined
  const set = reader.numeral(change.endpointSetId, `${at}/endpointSetId`)
  const version = reader.numeral(change.version, `${at}/version`)
  const add = reader.record(change.add, `${at}/add`, { name: 'the additions', needed: [] })
  const date = add && dateOf(reader, add, `${at}/add/effectiveDate`)
  if (!add || set === undefined || version === undefined || date === undefined) return undefined
  const values = ['ips', 'urls'].flatMap((field) =>
    reader.array(add[field], `${at}/add/${field}`).flatMap((each) => (typeof each === 'string' ? canonical(each) : []))
  )
  return { id: Number(change.id), version, set, date, values }
}

/** The first instant of the day, UTC. */
function dateOf(reader: ListReader, add: ListRecord, pointer: string): string | undefined {
  const text = reader.optionalName(add.effectiveDate, pointer)
  if (text === undefined) return undefined
  const date = text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3T00:00:00Z')
  if ('instant' in parseInstant(date)) return date
  reader.refuse(pointer, 'wrong_format', `${quote(text)} is no day: YYYYMMDD is needed`)
  return undefined
}

/** A value of a change as endpoints have it. One that cannot be read belongs to no endpoint. */
function canonical(text: string): readonly string[] {
  const address = parseAddress(text)
  if ('value' in address) return [address.value]
  const read = readEndpointWord(text)
  return 'detail' in read ? [] : read.flatMap(({ value }) => value ?? [])
}

function partOf(source: FeedSource, name: string): FeedSource | undefined {
  const part = source.parts?.find((each) => each.name === name)
  return part && { bytes: part.bytes, name: `${name} of ${source.name}` }
}
