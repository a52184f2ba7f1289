import type { Instant } from '../../domain/time/instant.ts'
import type { Head } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { type Turn, turnsOf } from './turns.ts'

/** What the clock will change in a catalogue. */
export interface ChangeToCome {
  readonly head: Head
  readonly turn: Turn
}

/** How many changes are listed at most: those that come first. */
const most = 200

/** What the newest revisions announce after an instant, by time. */
export async function changesToCome(
  catalogues: Pick<Catalogues, 'store'>,
  heads: readonly Head[],
  after: Instant
): Promise<readonly ChangeToCome[]> {
  const announced = heads
    .flatMap((head) => head.revision.transitions.filter((at) => at > after).map((instant) => ({ head, instant })))
    .sort((a, b) => a.instant - b.instant)
    .slice(0, most)
  const lastOf = new Map(announced.map(({ head, instant }) => [head, instant]))
  const changes: ChangeToCome[] = []
  for (const head of heads) {
    const upTo = lastOf.get(head)
    if (upTo === undefined) continue
    const turns = await turnsOf(catalogues, head.revision, { after, upTo })
    changes.push(...turns.map((turn) => ({ head, turn })))
  }
  return changes.sort((a, b) => a.turn.instant - b.turn.instant)
}
