import { Pool } from 'undici'
import { processorSeconds, type Served } from './load.ts'

const connections = 10

export interface Exchange {
  readonly url: string
  /** Makes the text that follows the URL in the next request; absent: none. */
  readonly suffix?: () => string
  /** The body of the next request; absent: GET. */
  readonly body?: () => string
  /** The ETag of a client that has the answer; then the answer is 304. */
  readonly etag?: string
  readonly count: number
}

/** Sends `count` requests, ten at a time, and measures their cost for the server with this process id. @throws if an answer is unexpected */
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
