import { PortolanError } from '../../domain/errors.ts'
import type { LogPlace } from '../../domain/event/log-place.ts'
import type { Catalogues } from '../catalogues.ts'

type Sources = Pick<Catalogues, 'store' | 'heads'>

/**
 * Whether this log has the place of a client. A place ahead of the log, or of another epoch, is of a store that is no longer here: a client
 * that waited there would miss every event until the log had caught up.
 */
export async function hasPlace({ store, heads }: Sources, { epoch, seq }: LogPlace): Promise<boolean> {
  if (epoch !== undefined && epoch !== store.epoch) return false
  // Another replica may have told the client of an event that this one has not seen yet.
  if (seq > heads.seq) await heads.refresh()
  return seq <= heads.seq
}

/** @throws PortolanError `epoch_changed` */
export async function requirePlace(catalogues: Sources, place: LogPlace): Promise<void> {
  if (await hasPlace(catalogues, place)) return
  const { store, heads } = catalogues
  throw new PortolanError(
    'epoch_changed',
    `The log ends at ${heads.seq}: that place belongs to a store that is no longer here. Begin again at 0.`,
    { extra: { epoch: store.epoch, seq: heads.seq } }
  )
}
