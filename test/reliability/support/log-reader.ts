import { clientOf } from './client.ts'

/** Where a reader finds the log, and when it may stop. */
export interface LogSource {
  readonly address: string
  readonly key: Readonly<Record<string, string>>
  /** It stops with so many events. */
  readonly total: number
  /** It stops with what it has. */
  readonly signal: AbortSignal
}

/** Follows the log from its beginning by polls that wait. @returns the seqs in the order in which they came */
export async function pollLog({ address, key, total, signal }: LogSource): Promise<readonly number[]> {
  const ask = clientOf(address, { ...key, prefer: 'wait=5' })
  const seqs: number[] = []
  while (seqs.length < total && !signal.aborted) {
    const { status, retryAfter, body } = await ask('GET', `/v1/events?after=${seqs.at(-1) ?? 0}&limit=50`)
    // A store that is busy for too long is no reason to stop.
    if (status !== 200 && retryAfter === undefined) throw new Error(`a poll was answered ${status}`)
    for (const { seq = 0 } of body.items ?? []) seqs.push(seq)
  }
  return seqs
}

/** The same by a stream, which is opened once. */
export async function streamLog({ address, key, total, signal }: LogSource): Promise<readonly number[]> {
  const seqs: number[] = []
  const answer = await fetch(`${address}/v1/events/stream?after=0`, { headers: key, signal })
  let text = ''
  try {
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString()
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) {
        const [, seq] = /^id: ?[0-9a-f]+-(\d+)$/.exec(line) ?? []
        if (seq !== undefined) seqs.push(Number(seq))
      }
      if (seqs.length >= total) break
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return seqs
}
