import { covers, isReserved, type ParsedAddress, parseAddress } from '../../network/address.ts'
import { variablesOf } from '../../network/pattern.ts'
import { stretchOf } from '../../reference/row-stretch.ts'
import { readInstant } from '../../time/instant.ts'
import type { ResolvedEndpoint } from '../../view/view.ts'
import { isAbout, isKeyOf, mostSpecific, type PlacedRequirement, within } from '../bound-values.ts'
import { filledName } from '../filled-name.ts'
import type { MergedRequirement } from '../merge.ts'
import { type Binding, selfRole } from '../site-document.ts'
import { bindingName, bindingPointer } from '../site-pointer.ts'
import { foundOf, type JudgedSite, judgedRequirements, type SiteFinding } from './site-finding.ts'

/** What to look at among the bindings of a site. */
export function bindingFindings(judged: JudgedSite): readonly SiteFinding[] {
  const requirements = judgedRequirements(judged)
  return judged.site.bindings.flatMap((binding) => [
    ...usedFindings(binding, requirements, judged),
    ...endedFindings(binding, judged),
    ...publicFindings(binding)
  ])
}

/** Whether a binding binds a row, or the product's own end, of a requirement. */
function bindsIn(binding: Binding, { component, endpoints }: MergedRequirement): boolean {
  if (binding.role === selfRole) return true
  if (binding.component !== undefined) return binding.component === component
  return endpoints.some((row) => isBoundBy(binding, row))
}

function isBoundBy({ role, variable }: Binding, row: ResolvedEndpoint): boolean {
  if (row.kind === 'role') return row.value === role
  return row.kind === 'pattern' && variable !== undefined && variablesOf(row.value).includes(variable)
}

function usedFindings(
  binding: Binding,
  requirements: readonly MergedRequirement[],
  { site, parts }: JudgedSite
): readonly SiteFinding[] {
  const { catalogue, requirement } = binding
  // Of a catalogue that has no revision there nothing is known.
  const isKnown = site.catalogues.every(({ id }) => parts.has(id) || (catalogue !== undefined && catalogue !== id))
  const about = requirements.filter((each) => isAbout(binding, each))
  const bound = about.filter((each) => bindsIn(binding, each))
  const pointer = bindingPointer(binding)
  if (bound.length === 0) {
    if (!isKnown) return []
    const detail = `no catalogue of the site has ${bindingName(binding)} at the revision that is read`
    return [foundOf('stale_binding', pointer, detail)]
  }
  const renamed = requirement === undefined ? undefined : bound.find(({ key }) => key !== requirement)
  return [
    ...(renamed ? [foundOf('renamed', pointer, `the requirement ${requirement} is called ${renamed.key} now`)] : []),
    ...neverFindings(binding, bound, site.bindings)
  ]
}

/** Values that hold in no row, since each row holds at other times, or since they make no name. */
function neverFindings(
  binding: Binding,
  bound: readonly MergedRequirement[],
  all: readonly Binding[]
): readonly SiteFinding[] {
  if (binding.component !== undefined || binding.role === selfRole) return []
  const rivals = all.filter((other) => other.role === binding.role && other.variable === binding.variable)
  const rows = bound
    .filter((each) => mostSpecific(rivals, each).includes(binding))
    .flatMap(({ endpoints }) => endpoints.filter((row) => isBoundBy(binding, row)))
  if (rows.length === 0) return []
  return binding.values.flatMap((value): readonly SiteFinding[] => {
    const holds = rows.some((row) => {
      if (row.kind === 'pattern' && 'fault' in filledName(row.value, binding.variable ?? '', value.value)) return false
      return within([stretchOf(value)], stretchOf(row)).length > 0
    })
    if (holds) return []
    const detail = `${value.value} never holds: no row that it would stand in is there at that time`
    return [foundOf('never_holds', bindingPointer(binding, value.value), detail)]
  })
}

function endedFindings(binding: Binding, { now }: JudgedSite): readonly SiteFinding[] {
  const ends = binding.values.flatMap(({ until }) => until ?? [])
  const last = ends.reduce((latest, end) => (readInstant(end) > readInstant(latest) ? end : latest), ends[0] ?? '')
  if (ends.length === 0 || ends.length < binding.values.length || readInstant(last) > now) return []
  return [
    foundOf('binding_ended', bindingPointer(binding), 'all its values have ended, and no other binding stands in', last)
  ]
}

function publicFindings(binding: Binding): readonly SiteFinding[] {
  if (binding.role === undefined || binding.role === selfRole) return []
  return binding.values.flatMap(({ value }): readonly SiteFinding[] => {
    const address = parseAddress(value)
    if ('fault' in address || isReserved(address)) return []
    const detail = `${value} is a public address: a role is played by addresses of the site as a rule`
    return [foundOf('public_address_in_role', bindingPointer(binding, value), detail)]
  })
}

/** Addresses that play a role and are those of the product, too. */
export function overlapFindings(judged: JudgedSite): readonly SiteFinding[] {
  const { bindings } = judged.site
  const own = addressesOf(bindings.filter(({ role }) => role === selfRole))
  if (own.length === 0) return []
  const requirements = judgedRequirements(judged)
  return bindings.flatMap((binding): readonly SiteFinding[] => {
    if (binding.role === undefined || binding.role === selfRole) return []
    const about = requirements.filter((each) => isAbout(binding, each) && bindsIn(binding, each))
    return addressesOf([binding]).flatMap(({ address }) => {
      const met = own.find(
        (other) => isMet(address, other.address) && about.some((each) => isAbout(other.binding, each))
      )
      if (!met) return []
      const detail = `${address.value} plays ${binding.role} and is an address of the product itself (${met.address.value})`
      return [foundOf('self_overlaps_binding', bindingPointer(binding, address.value), detail)]
    })
  })
}

function isMet(a: ParsedAddress, b: ParsedAddress): boolean {
  return covers(a, b) || covers(b, a)
}

function addressesOf(bindings: readonly Binding[]) {
  return bindings.flatMap((binding) =>
    binding.values.flatMap(({ value }) => {
      const address = parseAddress(value)
      return 'value' in address ? [{ binding, address }] : []
    })
  )
}

/** Whether a key that a site writes is a former one of a requirement. */
export function renamedTo(requirements: readonly PlacedRequirement[], written: string): string | undefined {
  if (requirements.some(({ key }) => key === written)) return undefined
  return requirements.find((each) => isKeyOf(each, written))?.key
}
