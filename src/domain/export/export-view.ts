import { type Filter, filterView } from '../view/filter.ts'
import { isLive } from '../view/lifetime.ts'
import type { View } from '../view/view.ts'

/** The part of a view that is exported: what the filter takes, and unless it asks for a status, only endpoints that hold. */
export function exportView(view: View, filter: Filter): View {
  const filtered = filterView(view, filter)
  if (filter.status !== undefined) return filtered
  return {
    ...filtered,
    requirements: filtered.requirements.map((requirement) => ({
      ...requirement,
      endpoints: requirement.endpoints.filter(({ status }) => isLive(status))
    }))
  }
}
