import type { KnownHeads } from '../../catalogue/heads.ts'
import { PortolanError } from '../../domain/errors.ts'

/** How long an answer waits for the event that it must know, in milliseconds. */
const patienceMs = 1000

/**
 * Waits until a process knows an event, as the header field `Portolan-Min-Seq` asks for: whoever published through one process reads it
 * through any other.
 * @throws PortolanError `invalid_parameter`, `behind` where the event is not known after a second
 */
export async function waitForSeq(heads: KnownHeads, field: string): Promise<void> {
  if (!/^\d{1,15}$/.test(field))
    throw new PortolanError(
      'invalid_parameter',
      'Portolan-Min-Seq must be the seq of an event, as Portolan-Seq says it.'
    )
  const seq = Number(field)
  if (heads.seq >= seq) return
  let timer: NodeJS.Timeout | undefined
  let stopListening = () => {}
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs)
  })
  const known = new Promise<void>((resolve) => {
    stopListening = heads.onChange(() => {
      if (heads.seq >= seq) resolve()
    })
  })
  try {
    // The store may not answer, and the event may come while this waits.
    heads.refresh().catch(() => {})
    await Promise.race([known, late])
  } finally {
    clearTimeout(timer)
    stopListening()
  }
  if (heads.seq >= seq) return
  throw new PortolanError('behind', `This process knows the events up to ${heads.seq}, and not ${seq} yet. Try again.`)
}
