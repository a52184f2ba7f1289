import type { Counts } from '../../domain/history/revision.ts'

/** `8 added, 12 changed`: how many rows of requirements and endpoints. */
export function countsText({ added, removed, changed }: Counts): string {
  const parts = [
    ...(added > 0 ? [`${added} added`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(changed > 0 ? [`${changed} changed`] : [])
  ]
  return parts.length === 0 ? 'none' : parts.join(', ')
}
