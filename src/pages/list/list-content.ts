import { productName } from '../../catalogue/heads.ts'
import type { ChangeToCome } from '../../catalogue/history/changes-to-come.ts'
import type { ListedCatalogue } from '../../catalogue/read/catalogue-list.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import type { Links } from '../frame/links.ts'
import type { Content } from '../frame/send-page.ts'
import { dateTime, dayOrTime } from '../template/date-text.ts'
import { turnText } from '../template/turn-text.ts'

interface ListFacts {
  readonly items: readonly ListedCatalogue[]
  /** What changes within 30 days, and what after. */
  readonly soon: readonly ChangeToCome[]
  readonly later: readonly ChangeToCome[]
  readonly links: Links
  /** The link to the next page. */
  readonly next?: string
}

/** What `/` prints: the catalogues, and what the clock will change in them. */
export function listContent({ items, soon, later, links, next }: ListFacts): Content {
  const changeRow = ({ head, turn }: ChangeToCome) => ({
    date: dateTime(turn.instant),
    product: productName(head),
    href: links.plain(`/c/${head.revision.catalogue}`, { effectiveAt: formatInstant(turn.instant) }),
    text: turnText(turn)
  })
  return {
    title: 'Catalogues',
    groups: [
      { title: 'In the next 30 days', changes: soon.map(changeRow) },
      { title: 'Later', changes: later.map(changeRow) }
    ].filter(({ changes }) => changes.length > 0),
    catalogues: items.map(({ id, vendor, product, version, revision, nextTransition }) => ({
      vendor,
      product,
      version,
      issue: revision.label,
      href: links.across(`/c/${id}`),
      published: dayOrTime(revision.publishedAt),
      ...(nextTransition !== undefined && { next: dateTime(nextTransition) })
    })),
    calendar: links.plain('/v1/calendar.ics'),
    ...(next !== undefined && { next })
  }
}
