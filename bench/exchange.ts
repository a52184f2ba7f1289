import { Pool } from 'undici'
import { processorSeconds, type Served } from './load.ts'

const connections = 10

export interface Exchange {
  readonly url: string
  /** The body of the next request; absent: GET. */
  readonly body?: () => string
  readonly count: number
}

/** Sends so many requests, ten at a time, and tells what they cost the server with this process id. @throws where an answer is not 200. */
export async function exchange({ url, body, count }: Exchange, pid: number): Promise<Served> {
  const { origin, pathname, search } = new URL(url)
  const pool = new Pool(origin, { connections })
  let left = count
  const ask = async () => {
    while (left > 0) {
      left -= 1
      const { statusCode, body: answer } = await pool.request({
        path: pathname + search,
        method: body ? 'POST' : 'GET',
        ...(body && { headers: { 'content-type': 'application/json' }, body: body() })
      })
      const text = await answer.text()
      if (statusCode !== 200 || text.includes('"errors"'))
        throw new Error(`${url} answered ${statusCode}: ${text.slice(0, 500)}`)
    }
  }
  const before = processorSeconds(pid)
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: connections }, ask))
  const seconds = (performance.now() - startedAt) / 1000
  const after = processorSeconds(pid)
  await pool.close()
  return {
    rate: count / seconds,
    ...(before !== undefined && after !== undefined && { cost: ((after - before) * 1e6) / count })
  }
}
