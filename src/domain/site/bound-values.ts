import { commonStretch, type Stretch, unionOfStretches } from '../reference/interval-set.ts'
import { stretchOf } from '../reference/row-stretch.ts'
import type { ViewableRequirement } from '../view/view.ts'
import type { Binding } from './site-document.ts'

/** What is needed of a requirement to tell which bindings and overlays are about it. `catalogue`: its id. */
export type PlacedRequirement = Pick<ViewableRequirement, 'key' | 'previousKeys'> & { readonly catalogue: string }

/** Values with the times at which they hold: none for a value whose lifetimes are all in the past or future is never the case. */
export type BoundStretches = ReadonlyMap<string, readonly Stretch[]>

/** Whether a key names a requirement now, or did before the requirement was renamed. */
export function isKeyOf(
  { key, previousKeys }: Pick<PlacedRequirement, 'key' | 'previousKeys'>,
  written: string
): boolean {
  return written === key || previousKeys?.includes(written) === true
}

/** Whether something that may name a catalogue and a requirement is about a requirement. */
export function isAbout(
  { catalogue, requirement }: { readonly catalogue?: string; readonly requirement?: string },
  place: PlacedRequirement
): boolean {
  return (
    (catalogue === undefined || catalogue === place.catalogue) &&
    (requirement === undefined || isKeyOf(place, requirement))
  )
}

/** How specific a binding is: requirement and catalogue, requirement, catalogue, neither. */
function levelOf({ catalogue, requirement }: Binding): number {
  return (requirement === undefined ? 0 : 2) + (catalogue === undefined ? 0 : 1)
}

/** The most specific of some bindings that are about a requirement. The clock has no say in it: values that have ended hide general ones. */
export function mostSpecific(bindings: readonly Binding[], place: PlacedRequirement): readonly Binding[] {
  const about = bindings.filter((binding) => isAbout(binding, place))
  const highest = Math.max(...about.map(levelOf))
  return about.filter((binding) => levelOf(binding) === highest)
}

/**
 * The values that the most specific of some bindings give a requirement, united; undefined where none is about it, which is not the same as
 * no values.
 */
export function valuesBoundTo(bindings: readonly Binding[], place: PlacedRequirement): BoundStretches | undefined {
  const specific = mostSpecific(bindings, place)
  if (specific.length === 0) return undefined
  const stretches = new Map<string, readonly Stretch[]>()
  for (const { values } of specific)
    for (const bound of values) {
      const others = stretches.get(bound.value) ?? []
      stretches.set(bound.value, unionOfStretches([...others, stretchOf(bound)]))
    }
  return stretches
}

/** The parts of some stretches that lie in another one. */
export function within(stretches: readonly Stretch[], whole: Stretch): readonly Stretch[] {
  return stretches.flatMap((stretch) => commonStretch(stretch, whole) ?? [])
}
