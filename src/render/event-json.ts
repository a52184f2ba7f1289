import type { LoggedEvent } from '../domain/event.ts'
import { formatInstant } from '../domain/instant.ts'

/** An event as it is answered. Links are pinned, so that no cache can answer them with an older list. */
export function eventJson(event: LoggedEvent, prevSeq: number, epoch: string, base: string) {
  const { seq, id, type, occurredAt, effectiveAt, lateByMs, catalogue, revision, counts, changes, truncated } = event
  const root = `${base}/v1/catalogues/${catalogue}`
  const instant = formatInstant(effectiveAt)
  return {
    seq,
    prevSeq,
    epoch,
    id,
    type,
    occurredAt: formatInstant(occurredAt),
    effectiveAt: instant,
    lateByMs,
    catalogue,
    revision,
    counts,
    changes,
    truncated,
    links: {
      view: `${root}?asOf=${revision.number}&effectiveAt=${instant}`,
      ...(revision.number > 1 && { diff: `${root}/diff?from=${revision.number - 1}&to=${revision.number}` }),
      document: `${root}/document?asOf=${revision.number}`
    }
  }
}
