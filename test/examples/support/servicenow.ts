import type { Test } from 'tap'
import { type Answered, type Asked, demand, standIn } from './stand-in.ts'

type Row = Readonly<Record<string, string>>

export interface StandInForServiceNow {
  readonly url: string
  /** The records that the transform map made, by what it coalesces on. */
  readonly records: ReadonlyMap<string, Row>
  readonly changes: readonly Row[]
  /** The requests that wrote since the last time this was asked, as `METHOD PATH`. */
  writes(): readonly string[]
  /** From the given write on it refuses what writes, counted from now; undefined: it takes everything. */
  refuseFrom(write: number | undefined): void
}

const columns = [
  'correlation_id',
  'name',
  'kind',
  'catalogue',
  'requirement',
  'operational_status',
  'until',
  'replaced_by'
]
const changeFields: Readonly<Record<string, number>> = {
  correlation_id: 100,
  correlation_display: 100,
  short_description: 160,
  description: 4000,
  justification: 4000,
  backout_plan: 4000,
  test_plan: 4000,
  requested_by_date: 19
}

/**
 * A stand-in for ServiceNow that checks requests by what its Import Set and Table APIs document: who asks, columns that the staging table has,
 * lengths, status and shape of the answers. Its transform map coalesces on `u_correlation_id`.
 */
export async function standInForServiceNow(t: Test, user: string, password: string): Promise<StandInForServiceNow> {
  const records = new Map<string, Row>()
  const changes: Row[] = []
  let [writes, refusedFrom]: [string[], number | undefined] = [[], undefined]

  const url = await standIn(t, (asked) => {
    const basic = Buffer.from(`${user}:${password}`).toString('base64')
    if (asked.headers.authorization !== `Basic ${basic}`)
      return { status: 401, body: { error: { message: 'User Not Authenticated' }, status: 'failure' } }
    if (asked.method === 'GET') return found(asked)
    if (refusedFrom !== undefined && writes.length >= refusedFrom) return { status: 503, body: { status: 'failure' } }
    writes.push(`${asked.method} ${asked.url.pathname}`)
    demand(typeof asked.body === 'object' && asked.body !== null, 'a body of JSON')
    const fields = Object.entries(asked.body).map(([name, value]) => [name, text(value)] as const)
    if (asked.url.pathname === '/api/now/import/u_portolan_import') return imported(asked, Object.fromEntries(fields))
    for (const [name, value] of fields) {
      const most = changeFields[name]
      demand(most !== undefined && value.length <= most, `${name}: ${value.length} characters`)
    }
    return asked.method === 'POST'
      ? made(asked, Object.fromEntries(fields))
      : changed(asked, Object.fromEntries(fields))
  })

  function imported({ method }: Asked, row: Row): Answered {
    demand(method === 'POST', 'a row is posted')
    for (const name of Object.keys(row)) demand(columns.includes(name.replace(/^u_/, '')), `no column ${name}`)
    const { u_correlation_id: id, u_operational_status: status = '' } = row
    demand(id, 'a row without what it coalesces on')
    demand(['1', '2', '6'].includes(status), 'operational_status')
    const before = records.get(id)
    const after = { ...before, ...row }
    const same = JSON.stringify(before) === JSON.stringify(after)
    records.set(id, after)
    const result = { transform_map: 'Portolan', table: 'cmdb_ci_endpoint', sys_id: id }
    const outcome = before ? (same ? 'ignored' : 'updated') : 'inserted'
    return {
      status: 201,
      body: { import_set: 'ISET0010001', staging_table: 'u_portolan_import', result: [{ ...result, status: outcome }] }
    }
  }

  function found({ url: { pathname, searchParams } }: Asked): Answered {
    demand(pathname === '/api/now/table/change_request', pathname)
    const id = /^correlation_id=(?<id>[0-9a-f]{16})$/.exec(searchParams.get('sysparm_query') ?? '')?.groups?.id
    demand(id, 'sysparm_query')
    const names = (searchParams.get('sysparm_fields') ?? '').split(',')
    const result = changes
      .filter((change) => change.correlation_id === id)
      .slice(0, Number(searchParams.get('sysparm_limit')))
      .map((change) => Object.fromEntries(names.map((name) => [name, change[name] ?? ''])))
    return { status: 200, body: { result } }
  }

  function made({ url: { pathname } }: Asked, row: Row): Answered {
    demand(pathname === '/api/now/table/change_request', pathname)
    const number = `CHG${String(30_001 + changes.length).padStart(7, '0')}`
    const change = { ...row, number, sys_id: String(changes.length + 1).padStart(32, '0') }
    changes.push(change)
    return { status: 201, body: { result: change } }
  }

  function changed({ method, url: { pathname } }: Asked, row: Row): Answered {
    const index = changes.findIndex(({ sys_id }) => pathname === `/api/now/table/change_request/${sys_id}`)
    demand(method === 'PATCH' && index >= 0, `${method} ${pathname}`)
    changes[index] = { ...changes[index], ...row }
    return { status: 200, body: { result: changes[index] } }
  }

  return {
    url,
    records,
    changes,
    writes: () => {
      const before = writes
      writes = []
      return before
    },
    refuseFrom: (write) => {
      writes = []
      refusedFrom = write
    }
  }
}

function text(value: unknown): string {
  demand(typeof value === 'string', 'a field is text')
  return value
}
