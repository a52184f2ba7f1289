import { type Filter, filterView } from '../view/filter.ts'
import { isLive } from '../view/lifetime.ts'
import type { View } from '../view/view.ts'

/** What of a view an export is made of: unless a status is asked for, what holds now. That default never drops a requirement. */
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
