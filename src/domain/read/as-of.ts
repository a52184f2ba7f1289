import { PortolanError } from '../errors.ts'
import { type Instant, parseInstant } from '../time/instant.ts'

/** The knowledge clock of a read: which revision had been published. */
export type AsOf =
  | { readonly kind: 'newest' }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'instant'; readonly instant: Instant }

/** The largest number that a column of 32 bits holds. No catalogue has as many revisions. */
const largestNumber = 2 ** 31 - 1

/**
 * Reads `2`, `label:2.3` or an instant; absent means the newest.
 * @throws PortolanError `invalid_instant`
 */
export function parseAsOf(text: string | undefined, name = 'asOf'): AsOf {
  if (text === undefined) return { kind: 'newest' }
  if (/^\d+$/.test(text)) return { kind: 'number', number: Math.min(Number(text), largestNumber) }
  if (text.startsWith('label:')) return { kind: 'label', label: text.slice('label:'.length) }
  return { kind: 'instant', instant: requireInstant(text, name) }
}

/** @throws PortolanError `invalid_instant`, naming the parameter. */
export function requireInstant(text: string, name: string): Instant {
  const parsed = parseInstant(text)
  if ('fault' in parsed) {
    throw new PortolanError('invalid_instant', `${name}=${text} ${parsed.fault}.`, {
      faults: [{ pointer: `/${name}`, code: 'invalid_instant', detail: parsed.fault }]
    })
  }
  return parsed.instant
}
