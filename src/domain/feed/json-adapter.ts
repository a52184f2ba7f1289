import type { Fault } from '../errors.ts'
import { isRecord } from '../json/fields.ts'
import { parseJson } from '../json/json.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { readEndpointWord } from '../table/endpoint-cell.ts'
import type { WrittenRequirement } from '../table/table-reading.ts'
import { type Instant, parseInstant } from '../time/instant.ts'
import { type AdapterOptions, type FeedSource, type Imported, unreadableSource } from './adapter.ts'
import { textOfSource } from './source-page.ts'

/** What a list does not say, and what is taken then. */
const assumed = {
  scope: ['scope', 'external'],
  direction: ['direction', 'both'],
  necessity: ['necessity', 'optional'],
  services: ['transport', [{ transport: 'any' }]]
} as const

/** Reads JSON of any shape, by an expression that makes `{token?, time?, requirements}` of it, in the written form of documents. */
export async function readJsonFeed(source: FeedSource, { map }: AdapterOptions): Promise<Imported> {
  // Its refusals of pages, archives and other encodings hold here too.
  textOfSource(source)
  const read = parseJson(source.bytes)
  if ('fault' in read) throw unreadableSource(source, 'malformed_json', `${read.fault}`, read.place)
  if (!map) throw new Error('the adapter json needs a map')
  const mapped = await map(read.value)
  if (!isRecord(mapped) || !Array.isArray(mapped.requirements))
    throw unreadableSource(source, 'invalid_map', 'is mapped to something that has no list of requirements')
  const { token, time, requirements, ...others } = mapped
  const unknown = Object.keys(others)
  if (unknown.length > 0)
    throw unreadableSource(
      source,
      'invalid_map',
      `is mapped to something with other fields than token, time and requirements: ${unknown.join(', ')}`
    )
  if (mapped.requirements.length === 0) throw unreadableSource(source, 'empty', 'is mapped to no requirement')
  const refused: Fault[] = []
  const written = mapped.requirements.map((each: unknown, index) =>
    isRecord(each) ? writtenRequirement(each, `/requirements/${index}`, refused) : notRecord(index, refused)
  )
  return withoutUndefined({
    requirements: written,
    components: [],
    places: new Map(),
    notes: [],
    columns: [],
    refused,
    token: tokenOf(source, token),
    time: timeOf(source, time)
  })
}

function notRecord(index: number, refused: Fault[]): WrittenRequirement {
  refused.push({ pointer: `/requirements/${index}`, code: 'wrong_type', detail: 'must be an object' })
  return {}
}

function writtenRequirement(given: WrittenRequirement, at: string, refused: Fault[]): WrittenRequirement {
  const missing = Object.entries(assumed).filter(([field]) => given[field] === undefined)
  const said = Array.isArray(given.inferred) ? given.inferred : []
  const inferred = [
    ...new Set([...said, ...missing.flatMap(([, [name]]) => (name === 'transport' ? [name, 'ports'] : [name]))])
  ]
  return withoutUndefined({
    ...given,
    ...Object.fromEntries(missing.map(([field, [, value]]) => [field, value])),
    inferred: inferred.length > 0 ? inferred : undefined,
    // An expression that finds one value gives that value in place of a list of one.
    endpoints: listOf(given.endpoints).flatMap((each, index) =>
      writtenEndpoint(each, `${at}/endpoints/${index}`, refused)
    )
  })
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? [...new Set(value)] : [value]
}

/** An endpoint may be a plain text. */
function writtenEndpoint(given: unknown, at: string, refused: Fault[]): readonly unknown[] {
  if (typeof given !== 'string') return [given]
  const read = readEndpointWord(given.trim())
  const detail = 'detail' in read ? read.detail : read.some(({ port }) => port !== undefined) ? hasPort : undefined
  if (detail !== undefined)
    refused.push({ pointer: at, code: 'invalid_value', detail: `${JSON.stringify(given)} ${detail}` })
  return 'detail' in read ? [] : read.map(({ port: _, ...endpoint }) => withoutUndefined(endpoint))
}

const hasPort = 'has a port, which belongs to the services'

function tokenOf(source: FeedSource, token: unknown): string | undefined {
  if (token === undefined || token === null) return undefined
  if (typeof token === 'string' || Number.isSafeInteger(token)) return String(token)
  throw unreadableSource(source, 'invalid_map', 'is mapped to a token that is neither a text nor a whole number')
}

function timeOf(source: FeedSource, time: unknown): Instant | undefined {
  if (time === undefined || time === null) return undefined
  const read = typeof time === 'string' ? parseInstant(time) : { fault: 'is no text' }
  if ('instant' in read) return read.instant
  throw unreadableSource(source, 'invalid_map', `is mapped to a time that ${read.fault}`)
}
