import type { LoggedEvent } from '../../domain/event/event.ts'
import { transitionSummary } from '../../domain/event/transition.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { changeText } from './change-text.ts'

/** An event in one line. `product`: the name of the product that the catalogue is about. */
export function eventTitle(
  { type, revision, counts, effectiveAt }: Pick<LoggedEvent, 'type' | 'revision' | 'counts' | 'effectiveAt'>,
  product: string
): string {
  const { number, label } = revision
  switch (type) {
    case 'catalogue.created':
      return `${product}: published, as revision 1 (${label})`
    case 'catalogue.revision_published': {
      const { added, removed, changed } = counts
      return `${product}: revision ${number} (${label}), ${added} added, ${removed} removed, ${changed} changed`
    }
    case 'catalogue.transitioned':
      return `${product}: ${transitionSummary(counts)}`
    case 'catalogue.transition_upcoming':
      return `${product}: at ${formatInstant(effectiveAt)} ${transitionSummary(counts)}`
    default:
      throw new Error(`unknown type ${type satisfies never}`)
  }
}

/** The changes of an event, one line for each that it carries. */
export function eventLines({ changes, truncated, type }: LoggedEvent): readonly string[] {
  return [...changes.map((change) => changeText(change, type)), ...(truncated ? ['… and more'] : [])]
}
