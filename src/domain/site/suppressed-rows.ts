import { type Instant, readInstant } from '../time/instant.ts'
import { isLive, statusAt } from '../view/lifetime.ts'
import type { Viewable } from '../view/view.ts'
import { isNamedBy, overlaysFor } from './overlaid-rows.ts'
import type { SiteDocument } from './site-document.ts'

/**
 * How many rows of the catalogues of a site an overlay suppresses at an instant, by requirement, as `catalogue/key`. A role counts as one row,
 * whoever plays it. `documents`: those of the catalogues, by id.
 */
export function suppressedRows(
  { overlays }: Pick<SiteDocument, 'overlays'>,
  documents: ReadonlyMap<string, Pick<Viewable, 'requirements'>>,
  instant: Instant
): ReadonlyMap<string, number> {
  const inForce = overlays.filter(({ action, until }) => action === 'suppress' && instant < readInstant(until))
  const found = new Map<string, number>()
  if (inForce.length === 0) return found
  for (const [catalogue, { requirements }] of documents)
    for (const requirement of requirements) {
      const about = overlaysFor(inForce, { ...requirement, catalogue })
      const rows = requirement.endpoints.filter(
        (row) => isLive(statusAt(row, instant)) && about.some(({ endpoint }) => isNamedBy(row, endpoint))
      )
      if (rows.length > 0) found.set(`${catalogue}/${requirement.key}`, rows.length)
    }
  return found
}
