/** Why no answer came. */
const transportErrors = [
  'refused_address',
  'dns',
  'connect',
  'tls',
  'timeout',
  'reset',
  'malformed_answer',
  'bad_request'
] as const
export type TransportError = (typeof transportErrors)[number]

/** What became of one request to a receiver. */
export type Outcome = (
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly retryAfter?: string
      /** The receiver asked for no more, by `webhook-delivery: disable`. */
      readonly isDisabling: boolean
      /** The beginning of the body: untrusted text. */
      readonly body: string
    }
  | { readonly kind: 'failed'; readonly error: TransportError; readonly detail: string }
) & {
  /** The peer, where a connection stood. */
  readonly address?: string
  readonly durationMs: number
}

export type Verdict = 'delivered' | 'down' | 'refused' | 'gone'

/** Statuses of 4xx that speak of the receiver, not of the message. */
const passing = [408, 425, 429]

/**
 * What an outcome says of the receiver. Only 2xx means that it has the event. `down`: try again, the cursor waits. `refused`: it
 * answers, but not to this message. `gone`: it wants no more.
 */
export function verdictOf(outcome: Outcome): Verdict {
  if (outcome.kind === 'failed') return 'down'
  const { status, isDisabling } = outcome
  if (status === 410 || isDisabling) return 'gone'
  if (status >= 200 && status < 300) return 'delivered'
  return status >= 400 && status < 500 && !passing.includes(status) ? 'refused' : 'down'
}

/** Whether the receiver took the message, also where it wants no more after it. */
export function isTaken(outcome: Outcome): boolean {
  return outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300
}
