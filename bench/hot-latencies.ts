import { output, root } from './child.ts'

/** Latencies that a client measured, in milliseconds. */
export interface Latencies {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Connections of the client, and how long each waits before it asks again: it measures the service, and does not load it. */
const [connections, pauseMs] = [4, 5]

/** Reads a URL for some seconds, from a process of its own. */
export async function hotLatencies(url: string, seconds: number): Promise<Latencies> {
  const script = ['--import', 'tsx', `${root}bench/hot-client.ts`, url]
  const words = [connections, seconds, pauseMs].map(String)
  return JSON.parse(await output([process.execPath, ...script, ...words]))
}
