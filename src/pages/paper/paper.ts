import type { HistoryLine } from '../../catalogue/history/change-history.ts'
import type { CatalogueView, ViewRequirement } from '../../domain/view/view.ts'
import type { PageFrame } from '../frame/frame.ts'
import type { Content } from '../frame/send-page.ts'
import { dateTime, printedDate } from '../template/date-text.ts'
import { guidanceTopics } from './guidance.ts'
import { historyTable } from './history-table.ts'
import { type Item, itemOf, type Shown } from './item.ts'
import { referencesOf } from './references.ts'

/** What a paper is made of. */
export interface PaperFacts {
  readonly view: CatalogueView
  /** The date that the author printed on the issue. */
  readonly date: string | undefined
  readonly history: readonly HistoryLine[]
  /** The requirements of this page, where the paper has more than one. */
  readonly requirements: readonly ViewRequirement[]
  /** Which endpoints are shown of a requirement that has so many. */
  readonly shownOf: (endpoints: number) => Shown
  readonly isFirst: boolean
  /** The link to the next page. */
  readonly next?: string
  /** The link to the same paper with the rows of the lists to which it refers, if there is one. */
  readonly resolved?: string
  /** The filters that are set, as `scope=internal`. */
  readonly filters: readonly string[]
}

/** The paper of a view: title, guidance, connections by scope, and change history. */
export function paperOf(facts: PaperFacts, frame: PageFrame): Content {
  const { view, date, history, requirements, shownOf, isFirst, next, resolved, filters } = facts
  const { title, guidance = [], aliases = [], revision, validUntil, variables = [] } = view
  const items = (scope: string): readonly Item[] =>
    requirements
      .filter((requirement) => requirement.scope === scope)
      .map((requirement) => itemOf(view, requirement, shownOf(requirement.endpoints.length), frame))
  const [external, internal] = [items('external'), items('internal')]
  const isWhole = filters.length === 0 && isFirst
  return {
    title,
    aliases,
    revision,
    ...(date !== undefined && { date: printedDate(date) }),
    published: dateTime(revision.publishedAt),
    ...(validUntil !== undefined && { nextChange: dateTime(validUntil) }),
    ...(view.endOfSupport !== undefined && { endOfSupport: dateTime(view.endOfSupport) }),
    ...(view.successor !== undefined && {
      successor: { id: view.successor, href: frame.links.across(`/c/${view.successor}`) }
    }),
    variables,
    topics: isWhole ? guidanceTopics(guidance) : [],
    external,
    internal,
    hasInferred: [...external, ...internal].some(isPartlyInferred),
    isEmpty: external.length + internal.length === 0,
    references: referencesOf(view, resolved, frame),
    history: historyTable(view.id, history, frame),
    filters,
    whole: frame.links.to(`/c/${view.id}`),
    path: frame.links.plain(`/c/${view.id}`),
    ...(next !== undefined && { next }),
    calendar: frame.links.plain(`/v1/catalogues/${view.id}/calendar.ics`)
  }
}

function isPartlyInferred({ title, lines, direction, facts, remarks }: Item): boolean {
  return [title, direction, ...facts, ...remarks, ...lines.flatMap(({ protocol, ports }) => [protocol, ports])].some(
    ({ isInferred }) => isInferred
  )
}
