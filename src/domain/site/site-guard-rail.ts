import { groupBy } from '../group.ts'
import { parseAddress } from '../network/address.ts'
import { type Instant, readInstant } from '../time/instant.ts'
import type { Binding, BoundValue, SiteDocument } from './site-document.ts'
import { bindingName, bindingPointer, overlayPointer } from './site-pointer.ts'

/** One reason to refuse a document of a site unless its rule is overridden. `pointer` reads lists by name. */
export interface SiteGuardRailFinding {
  readonly rule: 'binding_emptied' | 'binding_mass_change' | 'address_too_broad'
  readonly pointer: string
  readonly detail: string
}

/** The shortest prefixes that a bound value may have. */
const shortest = { ipv4: 8, ipv6: 32 } as const

/** Checks a document of a site against the head, as it takes effect at an instant. What the head has already is not reported again. */
export function siteGuardRailFindings(
  head: SiteDocument | undefined,
  next: SiteDocument,
  at: Instant
): readonly SiteGuardRailFinding[] {
  return [
    ...(head ? emptiedFindings(head, next, at) : []),
    ...(head ? massFindings(head, next, at) : []),
    ...broadFindings(head, next)
  ]
}

const lasts =
  (at: Instant) =>
  ({ until }: BoundValue) =>
    until === undefined || readInstant(until) > at

/** What is bound, and still lasts, by the name of the binding. */
function boundBy(site: SiteDocument, nameOf: (binding: Binding) => string, at: Instant) {
  return new Map(
    [...groupBy(site.bindings, nameOf)].map(([name, bindings]) => [
      name,
      new Set(bindings.flatMap(({ values }) => values.filter(lasts(at)).map(({ value }) => value)))
    ])
  )
}

/** Bindings that had values and have none, and roles that nothing binds any more. A more general binding may stand in for one that is gone. */
function emptiedFindings(head: SiteDocument, next: SiteDocument, at: Instant): readonly SiteGuardRailFinding[] {
  const [before, after] = [boundBy(head, bindingName, at), boundBy(next, bindingName, at)]
  const targets = boundBy(next, targetName, at)
  return [...groupBy(head.bindings, bindingName)].flatMap(([name, [binding]]): readonly SiteGuardRailFinding[] => {
    const had = before.get(name)?.size ?? 0
    if (!binding || had === 0) return []
    const left = after.get(name)?.size ?? targets.get(targetName(binding))?.size ?? 0
    if (left > 0) return []
    const detail = `${name} had ${had} ${had === 1 ? 'value' : 'values'} and has none`
    return [{ rule: 'binding_emptied', pointer: bindingPointer(binding), detail }]
  })
}

function targetName({ role, variable, component }: Binding): string {
  return bindingName(
    role !== undefined ? { role } : variable !== undefined ? { variable } : { component: component ?? '' }
  )
}

function massFindings(head: SiteDocument, next: SiteDocument, at: Instant): readonly SiteGuardRailFinding[] {
  const [before, after] = [boundBy(head, bindingName, at), boundBy(next, bindingName, at)]
  let had = 0
  let vanished = 0
  for (const [name, values] of before)
    for (const value of values) {
      had += 1
      if (!after.get(name)?.has(value)) vanished += 1
    }
  if (vanished <= 10 || vanished * 5 <= had) return []
  const share = Math.round((vanished / had) * 100)
  return [
    {
      rule: 'binding_mass_change',
      pointer: '/bindings',
      detail: `${vanished} of ${had} bound values (${share} %) vanish`
    }
  ]
}

function broadFindings(head: SiteDocument | undefined, next: SiteDocument): readonly SiteGuardRailFinding[] {
  const known = new Set(head ? placedValues(head).map(({ pointer, value }) => `${pointer}\n${value}`) : [])
  return placedValues(next).flatMap(({ pointer, value }): readonly SiteGuardRailFinding[] => {
    const address = parseAddress(value)
    if ('fault' in address || address.prefix >= shortest[address.family] || known.has(`${pointer}\n${value}`)) return []
    const detail = `${value} is broader than /${shortest[address.family]}`
    return [{ rule: 'address_too_broad', pointer, detail }]
  })
}

/** Every value that the document of a site itself names, and its place. */
function placedValues({
  bindings,
  overlays
}: SiteDocument): readonly { readonly pointer: string; readonly value: string }[] {
  return [
    ...bindings.flatMap((binding) =>
      binding.values.map(({ value }) => ({ pointer: bindingPointer(binding, value), value }))
    ),
    ...overlays.flatMap((overlay) =>
      overlay.action === 'add' && overlay.endpoint.value !== undefined
        ? [{ pointer: overlayPointer(overlay), value: overlay.endpoint.value }]
        : []
    )
  ]
}
