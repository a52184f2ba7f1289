import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Followers } from '../../catalogue/event/followers.ts'
import { longPoll, type Poll } from '../../catalogue/event/long-poll.ts'
import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import { payerOf } from '../limit/payer.ts'
import { waitOf } from '../request/preference.ts'
import type { RouteContext } from './send-point.ts'

/** Reads, and waits for a result that is not empty if the client prefers that (`wait`, RFC 7240 section 4.3). */
export async function readOrWait<T>(
  context: RouteContext,
  followers: Followers,
  request: FastifyRequest,
  reply: FastifyReply,
  poll: Poll<T>
): Promise<T> {
  const found = await poll.read()
  const seconds = waitOf([request.headers.prefer].flat().join(','))
  if (seconds === 0 || !(await poll.isEmpty(found))) return found
  if (context.onEmptyPoll) {
    context.onEmptyPoll({ seq: poll.seqOf(found), ...withoutUndefined({ until: poll.untilOf?.(found) }) })
    return found
  }
  return waitOn(context, followers, request, reply, seconds, found, poll)
}

/**
 * Waits, with a share of the connections that may stay open, until a poll finds something.
 * @throws PortolanError `busy` where the client has no share left
 */
export async function waitOn<T>(
  { catalogues, shares }: RouteContext,
  followers: Followers,
  request: FastifyRequest,
  reply: FastifyReply,
  seconds: number,
  found: T,
  poll: Poll<T>
): Promise<T> {
  const follower = followers.admit(request.key)
  if (!follower) return found
  try {
    const share = shares.hold(payerOf(request), reply.raw)
    follower.signal.addEventListener('abort', share.leave)
    if (reply.raw.destroyed) return found
    reply.raw.once('close', follower.leave)
    // The field is set on this answer alone: it must not be kept with the bytes.
    reply.raw.setHeader('preference-applied', `wait=${seconds}`)
    return await longPoll(catalogues, follower, seconds * 1000, found, poll)
  } finally {
    // A service that stops waits for no connection.
    if (follower.signal.aborted) reply.raw.setHeader('connection', 'close')
    follower.leave()
  }
}
