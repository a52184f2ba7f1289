import type { NewEvent } from '../../domain/event/event.ts'
import type { Head } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'

/** How often the events are decided when a publish, or another process, is faster. */
const attempts = 20

/**
 * Logs events of a catalogue that come without a publish. `decide`: those that are to be told of a head and are not in the log yet; it is asked
 * again where another writer was faster. Any number of processes may do so at the same time: an event with a `once` is in the log once.
 * @returns the events that this process logged; none of a catalogue without a revision.
 */
export async function commitEvents(
  { store, heads, logCounters }: Pick<Catalogues, 'store' | 'heads' | 'logCounters'>,
  catalogue: string,
  decide: (head: Head) => Promise<readonly NewEvent[]>
): Promise<readonly NewEvent[]> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const head = heads.get(catalogue)
    const events = head ? await decide(head) : []
    if (!head || events.length === 0) return []
    const { number } = head.revision
    const { kind } = await store.commitTransitions({ catalogue, number, knownSeq: head.seq, events })
    if (kind === 'committed') logCounters.add(events)
    await heads.refresh()
    if (kind === 'committed') return events
  }
  throw new Error(`others were faster ${attempts} times to write to ${catalogue}`)
}
