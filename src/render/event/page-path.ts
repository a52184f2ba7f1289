import { formatInstant, type Instant } from '../../domain/time/instant.ts'

/** The path of the page for people that shows a revision as it holds at an instant. */
export function pagePath(catalogue: string, number: number, instant: Instant): string {
  return `/c/${catalogue}?asOf=${number}&effectiveAt=${formatInstant(instant)}`
}
