import { type Rows, toRows } from '../history/rows.ts'
import { qualifiedKey } from '../view/view.ts'
import type { MergedDocument } from './merge.ts'

/**
 * What a site merged as rows, in which a requirement has the key `catalogue/requirement`. They do not say what put them there, which changes
 * with every publish.
 */
export function mergedRows({ id, title, timeZone, requirements }: MergedDocument): Rows {
  return toRows({
    id,
    title,
    timeZone,
    // A site is of no vendor, and has no edition. Who compares its rows finds the same on both sides.
    vendor: '',
    product: '',
    version: '',
    edition: { label: '', summary: '' },
    requirements: requirements.map((requirement) => ({
      ...requirement,
      key: qualifiedKey(requirement),
      endpoints: requirement.endpoints.map(({ origin: _, ...endpoint }) => endpoint)
    }))
  })
}
