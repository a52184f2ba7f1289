/** The reasons for which no answer came. */
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

/** The outcome of one request to a receiver. */
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
  /** The address of the peer, if a connection was made. */
  readonly address?: string
  readonly durationMs: number
}

export type Verdict = 'delivered' | 'down' | 'refused' | 'gone'

/** Statuses of 4xx that are about the state of the receiver, and not about the message. */
const temporary = [408, 425, 429]

/**
 * What an outcome means for the event. Only 2xx means that the receiver has it. `down`: the event is sent again, and the cursor waits.
 * `refused`: the receiver works, but does not take this message. `gone`: it wants no more events.
 */
export function verdictOf(outcome: Outcome): Verdict {
  if (outcome.kind === 'failed') return 'down'
  const { status, isDisabling } = outcome
  if (status === 410 || isDisabling) return 'gone'
  if (status >= 200 && status < 300) return 'delivered'
  return status >= 400 && status < 500 && !temporary.includes(status) ? 'refused' : 'down'
}

/** Whether the receiver took the message, even if it wants no more after it. */
export function isTaken(outcome: Outcome): boolean {
  return outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300
}
