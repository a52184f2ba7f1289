import Type from 'typebox'
import { feedPins } from '../../catalogue/read/feed-parts.ts'
import type { Clocks, Point } from '../../catalogue/read/point.ts'
import type { SiteAsOf, SiteClocks } from '../../catalogue/read/site-point.ts'
import { directions, necessities, scopes } from '../../domain/document/document.ts'
import { endpointKinds, statuses } from '../../domain/document/endpoint.ts'
import { PortolanError } from '../../domain/errors.ts'
import { TransportSchema } from '../../domain/network/protocol.ts'
import { parseAsOf, requireInstant } from '../../domain/read/as-of.ts'
import { type Cursor, readCursor, writeCursor } from '../../domain/read/cursor.ts'
import { shortHash } from '../../domain/read/etag.ts'
import { readSeekCursor, type SeekCursor, writeSeekCursor } from '../../domain/read/seek-cursor.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { closed, oneOfWords } from '../schema/schema-words.ts'
import { resolveFields } from './resolve-query.ts'

/** How often a parameter may be repeated. No URL has room for more. */
const mostRepeated = 10_000
const oneOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Optional(Type.Array(oneOfWords(values), { description, maxItems: mostRepeated, examples: [values.slice(0, 1)] }))
const texts = (description: string, examples: string[]) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 300 }), {
      description,
      maxItems: mostRepeated,
      examples: [examples]
    })
  )

export const asOfFields = {
  asOf: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      examples: ['2', 'label:2.3', '2018-10-15T00:00:00Z'],
      description:
        'What had been published: the number of a revision, `label:TEXT` (the newest revision with that label), or an instant. Default: the newest revision.'
    })
  )
}
export const clockFields = {
  ...asOfFields,
  effectiveAt: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 60,
      examples: ['2018-11-22T00:00:00Z'],
      description:
        'What holds at this instant, according to the revision that `asOf` names. It may lie in the future. Default: now.'
    })
  )
}
/** Across catalogues only an instant says what had been published. */
export const sharedClockFields = {
  asOf: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 60,
      examples: ['2018-10-15T00:00:00Z'],
      description: 'What had been published by this instant. Catalogues that had no revision then are left out.'
    })
  ),
  effectiveAt: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 60,
      examples: ['2018-11-22T00:00:00Z'],
      description: 'What holds at this instant. Default: now.'
    })
  )
}

/** The filter on status. Its default depends on what is read. */
export function statusField(byDefault: string) {
  return oneOf(
    [...statuses, 'all'],
    `Status. Default: ${byDefault}. \`all\` includes retired. **\`active\` leaves out retiring endpoints, which still hold.**`
  )
}
export const filterFields = {
  requirement: texts('Keys of requirements', ['rss-feed']),
  scope: oneOf(scopes, 'Scope of the requirement'),
  direction: oneOf(directions, 'Direction; `outbound` and `inbound` also match `both`'),
  necessity: oneOf(necessities, 'Necessity'),
  tag: texts('Tags', ['antivirus']),
  transport: Type.Optional(
    Type.Array(TransportSchema, {
      description: 'Transport; services of transport `any` match each',
      maxItems: mostRepeated,
      examples: [['tcp']]
    })
  ),
  port: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1, maximum: 65535 }), {
      description: 'Ports; matches ranges that include one, and services without ports',
      maxItems: mostRepeated,
      examples: [[443]]
    })
  ),
  owner: texts('Owners', ['network-team']),
  component: texts('Keys of components', ['server']),
  externalId: texts('External ids, as `namespace:value`', ['cmdb:4711']),
  kind: oneOf(endpointKinds, 'Kind of the endpoint'),
  family: oneOf(['ipv4', 'ipv6'], 'Family of an address; matches addresses only'),
  endpointTag: texts('Tags of endpoints', ['eu']),
  status: statusField('planned, active and retiring')
}
export const pageFields = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Items on a page; a number above 1000 is read as 1000',
      examples: [50]
    })
  ),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4000,
      examples: ['WzEsIjExMTE1MzBhNGJlZCIsMiwxNTM4MzUyMDAwMDAwLDVd'],
      description:
        '`page.cursor` of the previous page. It is opaque, and valid only for the same path, filters and clocks'
    })
  )
}

/** Changes come in larger pages than other lists, since most comparisons fit into one. */
export const changePageFields = {
  ...pageFields,
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Changes on a page. Default: 1000; a number above is read as 1000',
      examples: [1000]
    })
  )
}

export function changeLimitOf({ limit }: PageQuery): number {
  return Math.min(limit ?? largestLimit, largestLimit)
}

export const ViewQuerySchema = Type.Object({ ...clockFields, ...resolveFields('none'), ...filterFields }, closed)
export const PagedViewQuerySchema = Type.Object({ ...ViewQuerySchema.properties, ...pageFields }, closed)

export type ClocksQuery = { readonly asOf?: string; readonly effectiveAt?: string }
export type SiteClocksQuery = ClocksQuery & { readonly siteAsOf?: string }
export type PageQuery = { readonly limit?: number; readonly cursor?: string }

/** @throws PortolanError `invalid_instant` */
export function clocksOfQuery({ asOf, effectiveAt }: ClocksQuery): Clocks {
  return {
    asOf: parseAsOf(asOf),
    ...(effectiveAt !== undefined && { effectiveAt: requireInstant(effectiveAt, 'effectiveAt') })
  }
}

/** The clocks of a site. Across catalogues only an instant says what had been published. @throws PortolanError `invalid_instant` */
export function siteClocksOfQuery({ siteAsOf, asOf, effectiveAt }: SiteClocksQuery): SiteClocks {
  return {
    ...(siteAsOf !== undefined && { siteAsOf: siteAsOfText(siteAsOf, 'siteAsOf') }),
    ...(asOf !== undefined && { asOf: requireInstant(asOf, 'asOf') }),
    ...(effectiveAt !== undefined && { effectiveAt: requireInstant(effectiveAt, 'effectiveAt') })
  }
}

/** A revision of a site: a number or an instant. @throws PortolanError `invalid_instant`, naming the parameter */
export function siteAsOfText(text: string, name: string): SiteAsOf {
  const asOf = parseAsOf(text, name)
  return asOf.kind === 'number' ? asOf : { kind: 'instant', instant: requireInstant(text, name) }
}

const clockNames: readonly string[] = ['siteAsOf', 'asOf', 'effectiveAt', 'feedsAsOf', 'cursor', 'limit']

/** A query without clocks and paging in canonical form: order and repetition of its parameters make no difference. */
export function canonicalQuery(name: string, query: Readonly<Record<string, unknown>>): string {
  const kept = Object.entries(query)
    .filter(([key, value]) => value !== undefined && !clockNames.includes(key))
    .map(([key, value]) => [key, Array.isArray(value) ? [...new Set(value.map(String))].sort() : String(value)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
  return JSON.stringify([name, ...kept])
}

const defaultLimit = 50
const largestLimit = 1000

export function limitOf({ limit }: PageQuery): number {
  return Math.min(limit ?? defaultLimit, largestLimit)
}

/**
 * The state in which a page run began; undefined on its first page. `query` names the run.
 * @throws PortolanError `cursor_invalid`, `cursor_mismatch`
 */
export function cursorOf({ cursor }: PageQuery, query: string): Cursor | undefined {
  return cursor === undefined ? undefined : cursorOfRun(readCursor(cursor), query)
}

export function cursorAfter(query: string, state: Omit<Cursor, 'query'>): string {
  return writeCursor({ query: shortHash(query), ...state })
}

/**
 * How far a page run over a list that only grows has come; undefined on its first page. `query` names the run.
 * @throws PortolanError `cursor_invalid`, `cursor_mismatch`
 */
export function seekCursorOf({ cursor }: PageQuery, query: string): SeekCursor | undefined {
  return cursor === undefined ? undefined : cursorOfRun(readSeekCursor(cursor), query)
}

export function seekCursorAfter(query: string, state: Omit<SeekCursor, 'query'>): string {
  return writeSeekCursor({ query: shortHash(query), ...state })
}

function cursorOfRun<Kind extends { readonly query: string }>(read: Kind | undefined, query: string): Kind {
  if (!read)
    throw new PortolanError('cursor_invalid', 'The cursor was not made by this service: begin again without it.')
  if (read.query !== shortHash(query))
    throw new PortolanError(
      'cursor_mismatch',
      'The cursor belongs to another path, filter or clock: begin again without it.'
    )
  return read
}

/** The query string of a URL with some parameters replaced; `undefined` removes one, a list repeats it. Empty, or with its question mark. */
export function queryString(
  query: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, string | readonly string[] | undefined>>
): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (name in changes || value === undefined) continue
    for (const item of [value].flat()) parameters.append(name, String(item))
  }
  for (const [name, value] of Object.entries(changes))
    for (const item of [value ?? []].flat()) parameters.append(name, item)
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}

/** The parameters of a URL that always answers this point. */
export function pinParameters(
  point: Point,
  instant: number
): Readonly<Record<'asOf' | 'effectiveAt', string>> & {
  readonly siteAsOf?: string
  readonly feedsAsOf?: readonly string[]
} {
  return {
    ...revisionParameters(point),
    effectiveAt: formatInstant(instant),
    ...(point.feeds && { feedsAsOf: feedPins(point) })
  }
}

/** The parameters that lead to the revisions of a point. */
export function revisionParameters(point: Point): { readonly asOf: string; readonly siteAsOf?: string } {
  if (!point.site) return { asOf: String(point.revision.number) }
  return { siteAsOf: String(point.site.revision.number), asOf: formatInstant(point.asOf) }
}
