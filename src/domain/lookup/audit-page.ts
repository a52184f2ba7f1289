import type { Audit } from './audit.ts'

/** How many missing, and how many covered, values a page has at most. */
export const mostMissing = 1000

/** An audit with a part of what is missing and covered. The other lists grow with the entries, and stand whole on every page. */
export interface AuditPage extends Audit {
  /** How many values are missing, on all pages. */
  readonly missingCount: number
  readonly coveredCount: number
}

/** A page of an audit. `total`: how many values its longer list has on all pages. */
export function auditPage(
  audit: Audit,
  { offset, limit }: { readonly offset: number; readonly limit: number }
): { readonly page: AuditPage; readonly total: number } {
  const { missing, covered } = audit
  const end = offset + limit
  return {
    page: {
      ...audit,
      missing: missing.slice(offset, end),
      missingCount: missing.length,
      covered: covered.slice(offset, end),
      coveredCount: covered.length
    },
    total: Math.max(missing.length, covered.length)
  }
}
