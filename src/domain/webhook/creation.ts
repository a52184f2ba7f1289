import { createHmac } from 'node:crypto'
import { PortolanError } from '../errors.ts'
import { canonicalJson } from '../json/canonical-json.ts'
import { dayMs } from '../time/duration.ts'
import type { SubscriptionInput } from './subscription-input.ts'

/** A request that makes one subscription, however often its owner sends it. */
export interface Creation {
  /** What the owner calls the request. */
  readonly key: string
  /** What is asked for, in canonical form. */
  readonly request: string
}

/** What is kept of a creation. */
export interface KeptCreation {
  readonly key: string
  readonly digest: string
}

/** For how long the same request gets the same subscription, in milliseconds. */
export const creationMs = dayMs

/**
 * The creation with an idempotency key: a string of structured fields (RFC 9651), in quotes, or the same without them.
 * @throws PortolanError `invalid_parameter`
 */
export function readCreation(key: string, input: SubscriptionInput): Creation {
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(key)?.[1]?.replaceAll(/\\(["\\])/g, '$1')
  const text = quoted ?? key
  if (!/^[\x20-\x7e]{1,255}$/.test(text))
    throw new PortolanError(
      'invalid_parameter',
      'An idempotency key has 1 to 255 characters of ASCII that can be seen.'
    )
  return { key: text, request: canonicalJson(input) }
}

/** Tells requests apart. It needs the secret of the subscription, so that nobody finds the values of header fields by trying. */
export function keptCreation({ key, request }: Creation, secret: string): KeptCreation {
  return { key, digest: createHmac('sha256', secret).update(request).digest('hex') }
}
