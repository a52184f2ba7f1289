import { setTimeout as pause } from 'node:timers/promises'
import { type Ask, documentOf } from './client.ts'
import type { Failures } from './report.ts'

/** The last turn that a publisher knows of, and the one that it is at: it repeats a turn until somebody says that it is there. */
export interface Publisher {
  readonly catalogue: string
  turn: number
  etag: string | undefined
  readonly acknowledged: number[]
}

export function publishers(count: number): readonly Publisher[] {
  return Array.from({ length: count }, (_, index) => ({
    catalogue: `catalogue-${index}`,
    turn: 1,
    etag: undefined,
    acknowledged: []
  }))
}

/**
 * Publishes the turn that a publisher is at. Whatever is lost on the way may be sent again with the same content.
 * @returns whether it was acknowledged; false where it was answered 503. It throws where there was no answer.
 */
export async function publishTurn(ask: Ask, publisher: Publisher, failures: Failures): Promise<boolean> {
  const { catalogue, turn, etag } = publisher
  const precondition: Record<string, string> = etag === undefined ? { 'if-none-match': '*' } : { 'if-match': etag }
  const answer = await ask('PUT', `/v1/catalogues/${catalogue}/document`, documentOf(catalogue, turn), precondition)
  if (answer.status === 200 || answer.status === 201) {
    publisher.acknowledged.push(turn)
    publisher.turn += 1
    publisher.etag = answer.etag
    return true
  }
  const problem = `${catalogue} turn ${turn} was answered ${answer.status} ${answer.body.code}`
  failures.expect(answer.status === 503 && answer.retryAfter !== undefined, problem)
  return false
}

/** Publishes turn after turn until `isOver` or something is wrong, each time by the client that it is given then. */
export async function publishOn(
  publisher: Publisher,
  { client, isOver }: { client(): Ask; isOver(): boolean },
  failures: Failures
): Promise<void> {
  while (!isOver() && failures.list.length === 0) {
    // Without an answer the same turn goes out again, perhaps to another process.
    const isDone = await publishTurn(client(), publisher, failures).catch(() => false)
    if (!isDone) await pause(20)
  }
}
