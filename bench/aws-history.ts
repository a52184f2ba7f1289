import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import type { Document, Requirement } from '../src/domain/document/document.ts'
import type { Endpoint } from '../src/domain/document/endpoint.ts'
import { compareEndpoints } from '../src/domain/document/endpoint-order.ts'

/** The file is beside the repository, and no part of it. */
export const historyFile = new URL('../../shared/data/aws-history-2017-2021.ndjson.gz', import.meta.url)

export function hasHistory(): boolean {
  return existsSync(historyFile)
}

type AwsRow = readonly [cidr: string, region: string, service: string, borderGroup: string]

interface Line {
  readonly n: number
  readonly syncToken: string
  readonly createDate: string
  readonly rows: number
  readonly add: readonly AwsRow[]
  readonly remove: readonly AwsRow[]
}

export const catalogue = 'aws-ip-ranges'

export interface Edition {
  readonly document: Document
  /** RFC 3339 */
  readonly publishedAt: string
  readonly rows: number
}

/**
 * The published states of AWS's address ranges, oldest first, each as a document in canonical form: a requirement for each service and
 * region, the border group as remarks of the endpoint. @throws if the file contradicts its own counts
 */
export async function* awsHistory(): AsyncGenerator<Edition> {
  const state = new Map<string, Map<string, Endpoint>>()
  const requirements = new Map<string, Requirement>()
  let rows = 0
  for await (const text of createInterface({ input: createReadStream(historyFile).pipe(createGunzip()) })) {
    const line: Line = JSON.parse(text)
    for (const row of line.remove) removeRow(state, row)
    for (const row of line.add) addRow(state, row)
    rows += line.add.length - line.remove.length
    const counted = [...state.values()].reduce((sum, endpoints) => sum + endpoints.size, 0)
    if (rows !== line.rows || counted !== line.rows)
      throw new Error(`line ${line.n}: ${counted} rows, not ${line.rows}`)
    for (const key of new Set([...line.remove, ...line.add].map(keyOf))) {
      const endpoints = state.get(key)
      if (endpoints?.size) requirements.set(key, requirementOf(key, [...endpoints.values()]))
      else requirements.delete(key)
    }
    yield { document: documentOf(line, requirements), publishedAt: instantOf(line.createDate), rows }
  }
}

function keyOf([, region, service]: AwsRow): string {
  return `${service}.${region}`.toLowerCase().replaceAll('_', '-')
}

/** A single address is written without the length of its prefix. */
function addressOf([cidr]: AwsRow): string {
  return cidr.replace(cidr.includes(':') ? /\/128$/ : /\/32$/, '')
}

function addRow(state: Map<string, Map<string, Endpoint>>, row: AwsRow): void {
  const [value, borderGroup] = [addressOf(row), row[3]]
  const endpoints = state.get(keyOf(row)) ?? new Map<string, Endpoint>()
  if (endpoints.has(value)) throw new Error(`${value} stands in ${keyOf(row)} twice`)
  endpoints.set(value, { kind: 'address', value, ...(borderGroup !== '' && { remarks: borderGroup }) })
  state.set(keyOf(row), endpoints)
}

function removeRow(state: Map<string, Map<string, Endpoint>>, row: AwsRow): void {
  const [value, borderGroup] = [addressOf(row), row[3]]
  const endpoint = state.get(keyOf(row))?.get(value)
  if (!endpoint || (endpoint.remarks ?? '') !== borderGroup)
    throw new Error(`${row.join(' ')} is removed and not there`)
  state.get(keyOf(row))?.delete(value)
}

function requirementOf(key: string, endpoints: Endpoint[]): Requirement {
  return {
    key,
    title: key,
    scope: 'external',
    direction: 'both',
    necessity: 'optional',
    services: [{ transport: 'any' }],
    endpoints: endpoints.sort(compareEndpoints)
  }
}

function documentOf({ syncToken }: Line, requirements: ReadonlyMap<string, Requirement>): Document {
  return {
    id: catalogue,
    title: 'AWS IP address ranges',
    vendor: 'Amazon',
    product: 'AWS',
    version: '1',
    timeZone: 'UTC',
    edition: { label: syncToken, summary: `ip-ranges.json, syncToken ${syncToken}` },
    requirements: [...requirements].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, requirement]) => requirement)
  }
}

/** Reads an instant such as `2017-07-20-22-42-12`, in UTC. */
function instantOf(createDate: string): string {
  const [year, month, day, ...time] = createDate.split('-')
  return `${year}-${month}-${day}T${time.join(':')}Z`
}
