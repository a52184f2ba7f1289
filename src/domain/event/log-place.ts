/** A place in the log as a client keeps it: after the event `seq`, of the log with that epoch if the client names one. */
export interface LogPlace {
  readonly epoch?: string
  readonly seq: number
}

/** The texts that `readLogPlace` takes, as a regular expression: `EPOCH-SEQ`, or a seq alone. */
export const logPlacePattern = '^(?:[0-9A-Za-z]{1,64}-)?[0-9]{1,15}$'

/** The id of an event on streams. It names the epoch, since another store has other events with the same seqs. */
export function writeLogPlace(epoch: string, seq: number): string {
  return `${epoch}-${seq}`
}

/** Reads a text that matches `logPlacePattern`. */
export function readLogPlace(text: string): LogPlace {
  const [seq = '', epoch] = text.split('-').reverse()
  return { ...(epoch !== undefined && { epoch }), seq: Number(seq) }
}
