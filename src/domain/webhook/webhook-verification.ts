import { createHmac, timingSafeEqual } from 'node:crypto'
import { minuteMs } from '../time/duration.ts'
import type { Instant } from '../time/instant.ts'
import { secretKey } from './webhook-secret.ts'

/** How far the clocks of the two sides may differ. */
const toleranceMs = 5 * minuteMs

export interface SignedRequest {
  readonly id: string | undefined
  /** Seconds since 1970. */
  readonly timestamp: string | undefined
  readonly signature: string | undefined
  readonly body: string
}

/** Why a signed request is not genuine, or undefined where one of its `v1` signatures is by the secret. Standard Webhooks 1.0. */
export function webhookFault(
  { id, timestamp, signature, body }: SignedRequest,
  secret: string,
  now: Instant
): string | undefined {
  if (!id || !timestamp || !signature) return 'it lacks webhook-id, webhook-timestamp or webhook-signature'
  if (!/^\d+$/.test(timestamp) || Math.abs(Number(timestamp) * 1000 - now) > toleranceMs)
    return 'its timestamp is more than five minutes away'
  const expected = createHmac('sha256', secretKey({ text: secret }))
    .update(`${id}.${timestamp}.${body}`)
    .digest()
  const isRight = signature.split(' ').some((part) => {
    const [version, text = ''] = part.split(',')
    const given = Buffer.from(text, 'base64')
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
  })
  return isRight ? undefined : 'none of its signatures is by this secret'
}
