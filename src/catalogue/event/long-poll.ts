import { PortolanError } from '../../domain/errors.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Catalogues } from '../catalogues.ts'
import type { Follower } from './followers.ts'

/** A read that may find nothing yet. */
export interface Poll<T> {
  read(): Promise<T>
  isEmpty(found: T): boolean | Promise<boolean>
  /** The seq of the newest event that the read knew. */
  seqOf(found: T): number
  /** The next instant at which the clock alone may let the read find something; undefined: never. */
  untilOf?(found: T): Instant | undefined
}

/**
 * Reads again whenever something may have come, until the read finds something, the time is over, or the follower has left.
 * @throws PortolanError `unauthorized` where the key of the follower has ended meanwhile.
 */
export async function longPoll<T>(
  { now }: Pick<Catalogues, 'now'>,
  follower: Follower,
  ms: number,
  first: T,
  poll: Poll<T>
): Promise<T> {
  const end = performance.now() + ms
  let found = first
  for (let left = ms; left > 0 && !follower.signal.aborted; left = end - performance.now()) {
    const until = poll.untilOf?.(found)
    const turn = until === undefined ? left : Math.max(0, Math.min(left, until - now()))
    await follower.next(poll.seqOf(found), turn)
    found = await poll.read()
    if (!(await poll.isEmpty(found))) break
  }
  if (follower.isRevoked) throw new PortolanError('unauthorized', 'The key was revoked or has expired.')
  return found
}
