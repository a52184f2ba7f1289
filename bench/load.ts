import { existsSync, readFileSync } from 'node:fs'
import { hasProgram, output, root } from './child.ts'

export interface Load {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Whole seconds. */
  readonly seconds: number
}

export const connections = 10
/** The core of the load; the server has the other one. */
const core = 1
const hasWrk = hasProgram('wrk')

export interface Served {
  /** Answers in a second. */
  readonly rate: number
  /** Processor time of the server for each answer, in microseconds; undefined if the system does not report it. */
  readonly cost?: number
}

/** Measures the server with this process id under ten connections. @throws if an answer is not 200 or 304 */
export async function underLoad(load: Load, pid: number): Promise<Served> {
  const before = processorSeconds(pid)
  const { rate, count } = await (hasWrk ? wrk(load) : autocannon(load))
  const after = processorSeconds(pid)
  return { rate, ...(before !== undefined && after !== undefined && { cost: ((after - before) * 1e6) / count }) }
}

/** User and system time of all threads, in ticks of 10 ms on Linux: fields 14 and 15 of proc(5), counted after the name. */
export function processorSeconds(pid: number): number | undefined {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return undefined
  const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export const loadProgram = hasWrk ? 'wrk' : 'autocannon'

interface Counted {
  readonly rate: number
  readonly count: number
}

async function wrk({ url, headers, seconds }: Load): Promise<Counted> {
  const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const said = await output(['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, ...fields, url], { core })
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(said)?.[1]
  if (rate === undefined || /Socket errors|Non-2xx/.test(said)) throw new Error(`${url} did not answer well:\n${said}`)
  return { rate: Number(rate), count: Number(/(\d+) requests in/.exec(said)?.[1]) }
}

async function autocannon({ url, headers, seconds }: Load): Promise<Counted> {
  const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const program = [process.execPath, `${root}node_modules/autocannon/autocannon.js`]
  const said = await output([...program, '--json', '-c', String(connections), '-d', String(seconds), ...fields, url], {
    core
  })
  const { requests, errors, ...counts }: Cannonade = JSON.parse(said)
  if (errors + counts['4xx'] + counts['5xx'] > 0) throw new Error(`${url} did not answer well:\n${said}`)
  return { rate: requests.average, count: requests.total }
}

interface Cannonade {
  readonly requests: { readonly average: number; readonly total: number }
  readonly errors: number
  readonly '4xx': number
  readonly '5xx': number
}
