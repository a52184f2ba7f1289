import { type Endpoint, endpointValue } from '../../domain/document/endpoint.ts'
import type { EndpointRow } from '../../domain/history/rows.ts'
import { lookupKey } from '../../domain/lookup/lookup-index.ts'
import { formatInstant, type Instant, readInstant } from '../../domain/time/instant.ts'
import { type EndpointBody, sinceEver } from '../engine/tables.ts'
import { at, type EndpointTuple, type FoundTuple, type HistoryTuple } from './endpoint-tuple.ts'

/** The first bytes of keys of the kinds that match no address or name. Those of `lookupKey` are lower. */
const otherKeys = { role: 0xf0, feed: 0xf1, any: 0xf2 } as const
export const firstOtherKey = Buffer.of(otherKeys.role)

/** Kind and value as the bytes of the column `lookup`: the same for two endpoints that are about the same thing. */
function lookupBytes(endpoint: Endpoint): Buffer {
  const key = lookupKey(endpoint)
  if (key) return Buffer.from(key)
  if (endpoint.kind !== 'role' && endpoint.kind !== 'feed' && endpoint.kind !== 'any')
    throw new Error(`${endpoint.kind} without a lookup key`)
  return Buffer.concat([Buffer.of(otherKeys[endpoint.kind]), Buffer.from(endpointValue(endpoint))])
}

/** The columns of an endpoint row. */
export function toColumns({ requirement, endpoint }: EndpointRow) {
  const { kind, from, until, ...rest } = endpoint
  // Each kind has some of these fields. The domain has checked which.
  const { value = '', ...body } = rest as EndpointBody & { readonly value?: string }
  return {
    requirement,
    kind,
    value,
    fromAt: from === undefined ? sinceEver : readInstant(from),
    untilAt: until === undefined ? null : readInstant(until),
    lookup: lookupBytes(endpoint),
    body: Object.keys(body).length === 0 ? null : body
  }
}

/** The members that a body can have, in canonical order, and on which side of the lifetime they stand in an endpoint. */
const members: Readonly<Record<keyof EndpointBody, 'before' | 'after'>> = {
  title: 'before',
  url: 'before',
  select: 'before',
  serves: 'after',
  replacedBy: 'after',
  remarks: 'after',
  tags: 'after'
}
// Its keys are those of its type.
const names = Object.keys(members) as readonly (keyof EndpointBody)[]
const beforeLifetime = names.filter((name) => members[name] === 'before')
const afterLifetime = names.filter((name) => members[name] === 'after')

/** Rebuilds endpoints with their members in canonical order. Lifetimes repeat, so each instant is formatted once. */
export class EndpointReader {
  readonly #texts = new Map<Instant, string>()

  read(tuple: EndpointTuple | HistoryTuple | FoundTuple): Endpoint {
    const kind = tuple[at.kind]
    const fromAt = tuple[at.fromAt]
    const untilAt = tuple[at.untilAt]
    const json = tuple[at.body]
    const from = fromAt === sinceEver ? undefined : this.#text(fromAt)
    const until = untilAt === null ? undefined : this.#text(untilAt)
    const body: EndpointBody | undefined = json === null ? undefined : JSON.parse(json)
    // Member by member, since spreads would take most of the time of reading a large document.
    const endpoint: Record<string, unknown> = kind === 'any' ? { kind } : { kind, value: tuple[at.value] }
    if (body) copy(beforeLifetime, body, endpoint)
    if (from !== undefined) endpoint.from = from
    if (until !== undefined) endpoint.until = until
    if (body) copy(afterLifetime, body, endpoint)
    // These are the fields that `toColumns` took apart.
    return endpoint as unknown as Endpoint
  }

  #text(instant: Instant): string {
    const known = this.#texts.get(instant)
    if (known !== undefined) return known
    const text = formatInstant(instant)
    this.#texts.set(instant, text)
    return text
  }
}

function copy(list: typeof names, body: EndpointBody, endpoint: Record<string, unknown>): void {
  for (const name of list) if (body[name] !== undefined) endpoint[name] = body[name]
}
