import type Type from 'typebox'
import type { Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Fields, wordFault } from '../json/fields.ts'
import { pointerTo } from '../json/pointer.ts'
import { quote } from '../json/source-text.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { type ParsedAddress, parseAddress } from '../network/address.ts'
import { parseHost } from '../network/host.ts'
import { parsePattern, variablesOf } from '../network/pattern.ts'
import { parseUrlPrefix } from '../network/url-prefix.ts'
import { canonicalValue, type DocumentReader, sortedSet } from './document-reader.ts'
import { type Endpoint, type EndpointKind, endpointInputSchemas, endpointKinds } from './endpoint.ts'
import { orderText } from './endpoint-order.ts'

export interface ReadEndpoint {
  readonly endpoint: Endpoint
  /** The `orderText` of the endpoint, which sorts endpoints and identifies kind and value. */
  readonly order: string
}

// Documents have many endpoints and few faults: an endpoint that passes its validator is not walked field by field.
const shapes = {
  host: { schema: endpointInputSchemas.host, validator: Compile(endpointInputSchemas.host) },
  address: { schema: endpointInputSchemas.address, validator: Compile(endpointInputSchemas.address) },
  pattern: { schema: endpointInputSchemas.pattern, validator: Compile(endpointInputSchemas.pattern) },
  url: { schema: endpointInputSchemas.url, validator: Compile(endpointInputSchemas.url) },
  role: { schema: endpointInputSchemas.role, validator: Compile(endpointInputSchemas.role) },
  feed: { schema: endpointInputSchemas.feed, validator: Compile(endpointInputSchemas.feed) },
  any: { schema: endpointInputSchemas.any, validator: Compile(endpointInputSchemas.any) }
}

/** Reads one endpoint. Undefined where it has faults, which are then among those of `reading`. */
export function readEndpoint(value: unknown, at: string, reading: DocumentReader): ReadEndpoint | undefined {
  const { faults } = reading
  const before = faults.count
  const kind = kindOf(value, at, reading)
  const read = kind && readers[kind](value, at, reading)
  return faults.count === before ? read : undefined
}

function kindOf(value: unknown, at: string, reading: DocumentReader): EndpointKind | undefined {
  const { faults } = reading
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    faults.add(
      at,
      'wrong_type',
      `must be an object with a kind${typeof value === 'string' ? writtenEndpoint(value) : ''}`
    )
    return undefined
  }
  const written = 'kind' in value ? value.kind : undefined
  const kind = endpointKinds.find((name) => name === written)
  if (kind) return kind
  // Other endpoints may mention this value. That is no fault of theirs, whichever kind was meant here.
  if ('value' in value && typeof value.value === 'string') {
    const named = canonicalValue(value.value)
    reading.hosts.add(named)
    reading.values.add(named)
  }
  if (written === undefined) faults.add(`${at}/kind`, 'required', 'kind is required')
  else faults.add(`${at}/kind`, 'not_one_of', wordFault(written, endpointKinds))
  return undefined
}

/** How an endpoint is written of which the value alone was. */
function writtenEndpoint(text: string): string {
  const kind = 'value' in parseAddress(text) ? 'address' : 'value' in parseHost(text) ? 'host' : undefined
  return kind === undefined ? '' : `: write {kind: ${kind}, value: ${JSON.stringify(text)}}`
}

type Reader = (input: unknown, at: string, reading: DocumentReader) => ReadEndpoint | undefined

const readers: Readonly<Record<EndpointKind, Reader>> = {
  host(input, at, reading) {
    const fields = fieldsOfKind(shapes.host, input, at, reading)
    const value = reading.host(fields.value, `${at}/value`)
    if (value !== undefined) reading.hosts.add(value)
    const lifetime = readLifetime(fields, at, reading)
    const rest = readRest(fields, at, reading)
    return value === undefined
      ? undefined
      : finish(withoutUndefined({ kind: 'host', value, ...lifetime, ...rest }), reading)
  },
  address(input, at, reading) {
    const fields = fieldsOfKind(shapes.address, input, at, reading)
    const address = readAddress(fields.value, at, reading)
    const lifetime = readLifetime(fields, at, reading)
    const serves = reading.serves(fields.serves, `${at}/serves`)
    const rest = readRest(fields, at, reading)
    if (!address) return undefined
    return finish(
      withoutUndefined({ kind: 'address', value: address.value, ...lifetime, serves, ...rest }),
      reading,
      address
    )
  },
  pattern(input, at, reading) {
    const fields = fieldsOfKind(shapes.pattern, input, at, reading)
    const value = readPattern(fields.value, `${at}/value`, reading)
    const lifetime = readLifetime(fields, at, reading)
    const rest = readRest(fields, at, reading)
    if (value === undefined) return undefined
    return finish(withoutUndefined({ kind: 'pattern', value, ...lifetime, ...rest }), reading)
  },
  url(input, at, reading) {
    const fields = fieldsOfKind(shapes.url, input, at, reading)
    const value = readUrl(fields.value, `${at}/value`, reading)
    const lifetime = readLifetime(fields, at, reading)
    const rest = readRest(fields, at, reading)
    if (value === undefined) return undefined
    return finish(withoutUndefined({ kind: 'url', value, ...lifetime, ...rest }), reading)
  },
  role(input, at, reading) {
    const fields = fieldsOfKind(shapes.role, input, at, reading)
    const { value } = fields
    const title = reading.title(fields.title, `${at}/title`)
    const lifetime = readLifetime(fields, at, reading)
    const rest = readRest(fields, at, reading)
    if (value !== undefined) reading.values.add(value)
    if (value === undefined || title === undefined) return undefined
    return finish(withoutUndefined({ kind: 'role', value, title, ...lifetime, ...rest }), reading)
  },
  feed(input, at, reading) {
    const fields = fieldsOfKind(shapes.feed, input, at, reading)
    const { value } = fields
    const url = reading.url(fields.url, `${at}/url`)
    const select = readSelect(fields.select, `${at}/select`, reading)
    const lifetime = readLifetime(fields, at, reading)
    const rest = readRest(fields, at, reading)
    if (value !== undefined) reading.values.add(value)
    if (value === undefined || url === undefined) return undefined
    return finish(withoutUndefined({ kind: 'feed', value, url, select, ...lifetime, ...rest }), reading)
  },
  any(input, at, reading) {
    const fields = fieldsOfKind(shapes.any, input, at, reading)
    const lifetime = readLifetime(fields, at, reading)
    const rest = readRest(fields, at, reading)
    return finish(withoutUndefined({ kind: 'any', ...lifetime, ...rest }), reading)
  }
}

/** Notes the value of an endpoint, so that others may mention it. */
function finish(endpoint: Endpoint, reading: DocumentReader, address?: ParsedAddress): ReadEndpoint {
  if (endpoint.kind !== 'any') reading.values.add(endpoint.value)
  return { endpoint, order: orderText(endpoint, address) }
}

interface Shape<T extends Type.TObject> {
  readonly schema: T
  readonly validator: { Check(value: unknown): boolean }
}

function fieldsOfKind<T extends Type.TObject>(
  { schema, validator }: Shape<T>,
  value: unknown,
  at: string,
  reading: DocumentReader
): Fields<Static<T>> {
  // The validator of this very schema has just passed the value.
  if (!reading.wellShaped && validator.Check(value)) return value as Fields<Static<T>>
  return reading.fields(schema, value, at)
}

function readAddress(text: string | undefined, at: string, reading: DocumentReader): ParsedAddress | undefined {
  if (text === undefined) return undefined
  const parsed = parseAddress(text)
  if ('value' in parsed) return parsed
  reading.faults.add(`${at}/value`, 'invalid_address', `${quote(text)} ${parsed.fault}`)
  return undefined
}

function readPattern(text: string | undefined, at: string, reading: DocumentReader): string | undefined {
  if (text === undefined) return undefined
  const parsed = parsePattern(text)
  if ('fault' in parsed) {
    reading.faults.add(at, 'invalid_pattern', `${quote(text)} ${parsed.fault}`)
    return undefined
  }
  const unknown = variablesOf(parsed.value).find((name) => !reading.variables.has(name))
  if (unknown === undefined) return parsed.value
  const detail = `there is no variable ${quote(unknown)} among variables${reading.suggestion(unknown, reading.variables)}`
  reading.faults.add(at, 'unknown_variable', detail)
  return undefined
}

function readUrl(text: string | undefined, at: string, reading: DocumentReader): string | undefined {
  if (text === undefined) return undefined
  const parsed = parseUrlPrefix(text)
  if ('value' in parsed) return parsed.value
  reading.faults.add(at, 'invalid_url', `${quote(text)} ${parsed.fault}`)
  return undefined
}

interface Bounds {
  readonly from?: string
  readonly until?: string
}

function readLifetime(fields: Bounds, at: string, reading: DocumentReader) {
  const from = reading.time(fields.from, `${at}/from`)
  const until = reading.time(fields.until, `${at}/until`)
  if (from && until && until.instant <= from.instant) {
    const detail = `must be after from: ${until.text} is not after ${from.text}`
    reading.faults.add(`${at}/until`, 'until_not_after_from', detail)
  }
  return { from: from?.text, until: until?.text }
}

interface Rest {
  readonly replacedBy?: readonly string[]
  readonly remarks?: string
  readonly tags?: readonly string[]
}

function readRest(fields: Rest, at: string, reading: DocumentReader) {
  return {
    replacedBy: reading.replacedBy(fields.replacedBy, `${at}/replacedBy`),
    remarks: reading.prose(fields.remarks, `${at}/remarks`),
    tags: fields.tags && fields.tags.length > 0 ? sortedSet(fields.tags) : undefined
  }
}

function readSelect(
  select: Readonly<Record<string, readonly string[]>> | undefined,
  at: string,
  reading: DocumentReader
): Readonly<Record<string, readonly string[]>> | undefined {
  if (select === undefined) return undefined
  const fields = new Map<string, readonly string[]>()
  for (const [key, values] of Object.entries(select)) {
    const place = at + pointerTo(key)
    // The pattern of keys does not match a key of several lines, so the values of such a key were not checked.
    if (key === '__proto__' || /[\n\r\u2028\u2029]/.test(key)) {
      reading.faults.add(place, 'wrong_key', `${quote(key)} cannot be the name of a field`)
      continue
    }
    const field = reading.text(key, place, 'one', 100)
    if (field === undefined) continue
    const clean = values.map((value, index) => reading.text(value, place + pointerTo(index), 'one', 255) ?? '')
    if (fields.has(field)) reading.faults.add(place, 'duplicate_key', `the field ${quote(field)} stands twice`)
    fields.set(field, sortedSet(clean))
  }
  // A selection without a field would take the whole feed, and that is what no selection says.
  if (Object.keys(select).length === 0)
    reading.faults.add(at, 'empty', 'is empty: name a field and its values, or leave it out')
  return Object.fromEntries([...fields].sort(([a], [b]) => (a < b ? -1 : 1)))
}
