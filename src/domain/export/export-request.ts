import { PortolanError } from '../errors.ts'
import { parseDuration } from '../time/duration.ts'
import { type DeviceName, deviceNames } from './device-limit.ts'
import type { WildcardChoice } from './wildcards.ts'
import type { Window } from './window.ts'

export type Aggregation =
  | { readonly kind: 'exact' }
  | { readonly kind: 'none' }
  | { readonly kind: 'budget'; readonly most: number }

/** The options of an export, beside its format and view. */
export interface ExportRequest {
  /** The name of a slice, or `all`. */
  readonly slice?: string
  readonly part?: string
  readonly mode?: string
  readonly aggregate?: Aggregation
  /** The most IPv4 addresses, and the most /64 networks of IPv6, that `aggregate=budget` may open beyond the catalogue. */
  readonly maxExtra?: number
  readonly empty?: 'placeholder' | 'none'
  readonly limits?: DeviceName
  readonly wildcards?: WildcardChoice
  /** How many entries more than it has a list gets room for, where its size is a number of its own. */
  readonly headroom?: number
  /** Each lifetime is a time match of its rules. */
  readonly timed?: true
}

/** The options as people write them in a query or on a command line. */
export interface WrittenRequest {
  readonly slice?: string
  readonly part?: string
  readonly mode?: string
  readonly aggregate?: string
  readonly maxExtra?: string
  readonly empty?: 'placeholder' | 'none'
  readonly limits?: string
  readonly headroom?: string
  readonly wildcards?: WildcardChoice
  readonly timed?: boolean
}

/** The entries of the largest list of AWS. */
const mostHeadroom = 1000

/** @throws PortolanError `invalid_parameter` */
export function readExportRequest(written: WrittenRequest): ExportRequest {
  const { slice, part, mode, empty, wildcards } = written
  return {
    ...(slice !== undefined && { slice }),
    ...(part !== undefined && { part }),
    ...(mode !== undefined && { mode }),
    ...(written.aggregate !== undefined && { aggregate: readAggregation(written.aggregate) }),
    ...(written.maxExtra !== undefined && { maxExtra: readMaxExtra(written) }),
    ...(empty !== undefined && { empty }),
    ...(wildcards !== undefined && { wildcards }),
    ...(written.limits !== undefined && { limits: readDevice(written.limits) }),
    ...(written.headroom !== undefined && { headroom: readHeadroom(written.headroom) }),
    ...(written.timed && { timed: true })
  }
}

/** @throws PortolanError `invalid_parameter` */
export function readWindow({ lead, lag }: { readonly lead?: string; readonly lag?: string }): Window {
  return { lead: readDuration('lead', lead), lag: readDuration('lag', lag) }
}

function readDuration(name: string, text: string | undefined): number {
  if (text === undefined) return 0
  const parsed = parseDuration(text)
  if ('fault' in parsed) throw new PortolanError('invalid_parameter', `${name}=${text} ${parsed.fault}.`)
  return parsed.millis
}

function readAggregation(text: string): Aggregation {
  if (text === 'exact' || text === 'none') return { kind: text }
  const [, digits] = /^budget:([1-9]\d{0,8})$/.exec(text) ?? []
  if (digits !== undefined) return { kind: 'budget', most: Number(digits) }
  throw new PortolanError(
    'invalid_parameter',
    `aggregate=${text} must be exact, none, or budget:N with a whole number N from 1 on.`
  )
}

function readMaxExtra({ maxExtra = '', aggregate = '' }: WrittenRequest): number {
  if (!/^(?:0|[1-9]\d{0,38})$/.test(maxExtra))
    throw new PortolanError('invalid_parameter', `maxExtra=${maxExtra} is not a whole number.`)
  if (!aggregate.startsWith('budget:'))
    throw new PortolanError('invalid_parameter', 'maxExtra bounds what aggregate=budget:N opens: give both.')
  return Number(maxExtra)
}

function readHeadroom(text: string): number {
  if (/^(?:0|[1-9]\d{0,3})$/.test(text) && Number(text) <= mostHeadroom) return Number(text)
  throw new PortolanError('invalid_parameter', `headroom=${text} must be a whole number from 0 to ${mostHeadroom}.`)
}

function readDevice(text: string): DeviceName {
  const found = deviceNames.find((name) => name === text)
  if (found !== undefined) return found
  throw new PortolanError('invalid_parameter', `limits=${text} must be one of ${deviceNames.join(', ')}.`)
}
