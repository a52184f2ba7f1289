import type { ClocksQuery } from '../../http/request/query.ts'

/** The clocks that are set, as the hidden fields with which a form sends them along. */
export function clockEntries({ asOf, effectiveAt }: ClocksQuery): readonly (readonly [name: string, value: string])[] {
  return [
    ...(asOf === undefined ? [] : [['asOf', asOf] as const]),
    ...(effectiveAt === undefined ? [] : [['effectiveAt', effectiveAt] as const])
  ]
}
