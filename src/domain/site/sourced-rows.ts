import { compareAddresses, parseAddress } from '../network/address.ts'
import { commonStretch, type Stretch } from '../reference/interval-set.ts'
import { lasting, stretchOf } from '../reference/row-stretch.ts'
import { compareText } from '../text.ts'
import type { ResolvedEndpoint } from '../view/view.ts'
import type { Bindings } from './bound-rows.ts'
import { type BoundStretches, type PlacedRequirement, valuesBoundTo } from './bound-values.ts'
import { selfRole } from './site-document.ts'

/** The time in which the product has the same addresses, and these addresses. */
interface SourceStretch extends Stretch {
  readonly source: readonly string[]
}

/**
 * The rows of a requirement with the addresses of the product's own end: those of the component that the requirement is about, else those of
 * `self`. Each row is cut where they change, and there is none while a bound end has no address.
 */
export function sourcedRows(
  rows: readonly ResolvedEndpoint[],
  place: PlacedRequirement & { readonly component?: string },
  { roles, components }: Bindings
): readonly ResolvedEndpoint[] {
  const ofComponent = place.component === undefined ? [] : (components.get(place.component) ?? [])
  const values = valuesBoundTo(ofComponent, place) ?? valuesBoundTo(roles.get(selfRole) ?? [], place)
  if (values === undefined) return rows
  const sources = sourceStretches(values)
  const [only] = sources
  // Most products keep their addresses.
  if (only && only.start === Number.NEGATIVE_INFINITY && only.end === Number.POSITIVE_INFINITY)
    return rows.map((row) => ({ ...row, source: only.source }))
  return rows.flatMap((row) => {
    const whole = stretchOf(row)
    return sources.flatMap(({ source, start, end }) => {
      const stretch = commonStretch({ start, end }, whole)
      return stretch ? [lasting({ ...row, source }, stretch)] : []
    })
  })
}

function sourceStretches(values: BoundStretches): readonly SourceStretch[] {
  const bounds = [...new Set([...values.values()].flat().flatMap(({ start, end }) => [start, end]))].sort(
    (a, b) => a - b
  )
  const sorted = [...values].sort(([a], [b]) => compareEnds(a, b))
  return bounds.slice(0, -1).flatMap((start, index) => {
    const source = sorted.flatMap(([value, stretches]) =>
      stretches.some((stretch) => stretch.start <= start && start < stretch.end) ? [value] : []
    )
    return source.length === 0 ? [] : [{ start, end: bounds[index + 1] ?? Number.POSITIVE_INFINITY, source }]
  })
}

/** Addresses by number, then names. */
function compareEnds(a: string, b: string): number {
  const [left, right] = [parseAddress(a), parseAddress(b)]
  if ('value' in left && 'value' in right) return compareAddresses(left, right)
  return 'value' in left ? -1 : 'value' in right ? 1 : compareText(a, b)
}
