import type { LoggedEvent } from '../../domain/event/event.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { subjectPath } from './event-json.ts'

/**
 * The path of the change pack that an event is about, for people; undefined for a first publish, which has nothing before it. It is not pinned:
 * what other catalogues need by now is in it. The pack of a transition is that of the newest revision.
 */
export function packPath(event: LoggedEvent): string | undefined {
  const { type, revision, effectiveAt } = event
  const { number } = revision
  const path = (span: string) => `${subjectPath(event)}/change-pack?${span}&format=html`
  switch (type) {
    case 'catalogue.created':
      return undefined
    case 'catalogue.revision_published':
    case 'site.revision_published':
      return number === 1 ? undefined : path(`from=${number - 1}&to=${number}`)
    case 'catalogue.transitioned':
    case 'catalogue.transition_upcoming':
    case 'site.transitioned':
      return path(`at=${formatInstant(effectiveAt)}`)
    default:
      throw new Error(`unknown type ${type satisfies never}`)
  }
}
