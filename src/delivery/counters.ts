/** Counts since this process started, for the metrics. */
export interface DeliveryCounters {
  /** Attempts by result: `delivered`, or why not. */
  readonly attempts: Map<string, number>
  /** Notices by type: every change of a state is one. */
  readonly notices: Map<string, number>
  /** Events that were given up for a subscription. */
  deadLetters: number
  /** The sum of the time of all attempts, in seconds. */
  attemptSeconds: number
}

export function newDeliveryCounters(): DeliveryCounters {
  return { attempts: new Map(), notices: new Map(), deadLetters: 0, attemptSeconds: 0 }
}

export function countUp(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
