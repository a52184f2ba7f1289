import { Pool } from 'undici'
import { processorSeconds, type Served } from './load.ts'

const connections = 10

export interface Exchange {
  readonly url: string
  /** What follows the URL in the next request; absent: nothing. */
  readonly suffix?: () => string
  /** The body of the next request; absent: GET. */
  readonly body?: () => string
  /** What a client that has the answer sends; then the answer is 304. */
  readonly etag?: string
  readonly count: number
}

/** Sends so many requests, ten at a time, and tells what they cost the server with this process id. @throws where an answer is another. */
export async function exchange({ url, suffix, body, etag, count }: Exchange, pid: number): Promise<Served> {
  const { origin, pathname, search } = new URL(url)
  const pool = new Pool(origin, { connections })
  let left = count
  const ask = async () => {
    while (left > 0) {
      left -= 1
      const { statusCode, body: answer } = await pool.request({
        path: pathname + search + (suffix?.() ?? ''),
        method: body ? 'POST' : 'GET',
        ...(etag !== undefined && { headers: { 'if-none-match': etag } }),
        ...(body && { headers: { 'content-type': 'application/json' }, body: body() })
      })
      const text = await answer.text()
      if (statusCode !== (etag === undefined ? 200 : 304) || text.includes('"errors"'))
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
