import type { LoggedEvent } from '../../domain/event/event.ts'
import { formatInstant } from '../../domain/time/instant.ts'

/** An event as it is answered. `prevSeq`: the previous event that matches the same filter, or 0. `base`: the base of links. */
export function eventJson(event: LoggedEvent, prevSeq: number, epoch: string, base: string) {
  const { seq, id, type, occurredAt, effectiveAt, lateByMs, catalogue, revision, counts, changes, truncated } = event
  return {
    seq,
    prevSeq,
    epoch,
    id,
    type,
    occurredAt: formatInstant(occurredAt),
    effectiveAt: formatInstant(effectiveAt),
    lateByMs,
    catalogue,
    revision,
    counts,
    changes,
    truncated,
    links: eventLinks(event, base)
  }
}

/** The links of an event. Their URLs are pinned, so no cache can answer them with an older state. */
export function eventLinks(event: LoggedEvent, base: string) {
  const { catalogue, revision, effectiveAt } = event
  const root = `${base}/v1/catalogues/${catalogue}`
  return {
    view: `${root}?asOf=${revision.number}&effectiveAt=${formatInstant(effectiveAt)}`,
    ...diffLink(event, root),
    document: `${root}/document?asOf=${revision.number}`
  }
}

/** The link to what a publish changed in the previous revision, or to what the clock changes. A first publish has no such link. */
function diffLink({ type, revision: { number }, effectiveAt }: LoggedEvent, root: string): { readonly diff?: string } {
  switch (type) {
    case 'catalogue.created':
      return {}
    case 'catalogue.revision_published':
      return { diff: `${root}/diff?from=${number - 1}&to=${number}` }
    case 'catalogue.transitioned':
    case 'catalogue.transition_upcoming': {
      const [before, from] = [formatInstant(effectiveAt - 1), formatInstant(effectiveAt)]
      return { diff: `${root}/diff?from=${number}&fromEffectiveAt=${before}&to=${number}&toEffectiveAt=${from}` }
    }
    default:
      throw new Error(`unknown type ${type satisfies never}`)
  }
}
