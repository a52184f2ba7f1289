import { valueKey } from '../../document/endpoint.ts'
import { groupBy } from '../../group.ts'
import { pointerTo } from '../../json/pointer.ts'
import { nearestName } from '../../nearest-name.ts'
import { variablesOf } from '../../network/pattern.ts'
import { bindingsByTarget } from '../bound-rows.ts'
import { isKeyOf, mostSpecific } from '../bound-values.ts'
import { type MergedRequirement, takesRequirement } from '../merge.ts'
import { selfRole } from '../site-document.ts'
import { bindingPointer, takenPointer } from '../site-pointer.ts'
import { renamedTo } from './binding-finding.ts'
import { foundOf, type JudgedSite, judgedRequirements, type SiteFinding } from './site-finding.ts'

/** What to look at among the catalogues of a site: what nobody bound or decided, and revisions that it does not follow. */
export function takenFindings(judged: JudgedSite): readonly SiteFinding[] {
  const { site } = judged
  const all = judgedRequirements(judged)
  const taken = all.filter((requirement) =>
    site.catalogues.some((each) => each.id === requirement.catalogue && takesRequirement(each, requirement))
  )
  return [
    ...unboundFindings(taken, judged),
    ...endFindings(taken, judged),
    ...site.catalogues.flatMap((each) => {
      const own = all.filter(({ catalogue }) => catalogue === each.id)
      const { requirements = [], without = [], conditions = {} } = each
      const at = takenPointer(each.id)
      const written = (field: string, keys: readonly string[]) =>
        keys.flatMap((key): readonly SiteFinding[] => {
          const now = renamedTo(own, key)
          const place = `${at}/${field}${pointerTo(key)}`
          return now === undefined ? [] : [foundOf('renamed', place, `the requirement ${key} is called ${now} now`)]
        })
      const undecided = taken.filter(
        (requirement) =>
          requirement.catalogue === each.id &&
          requirement.necessity !== 'required' &&
          !Object.keys(conditions).some((key) => isKeyOf(requirement, key))
      )
      return [
        ...written('requirements', requirements),
        ...written('without', without),
        ...written('conditions', Object.keys(conditions)),
        ...undecided.map(({ key, necessity, condition }) => {
          const detail = `${key} is ${necessity}, and nobody says whether the site needs it${condition === undefined ? '' : `: ${condition}`}`
          return foundOf('undecided', `${at}/conditions${pointerTo(key)}`, detail)
        })
      ]
    }),
    ...site.catalogues.flatMap(({ id }) => behindFindings(id, judged))
  ]
}

interface Unbound {
  readonly kind: 'role' | 'variable'
  readonly name: string
  readonly requirement: MergedRequirement
}

/** Roles and variables of the rows that the site takes, and that no binding binds: one finding for each name and catalogue. */
function unboundFindings(taken: readonly MergedRequirement[], { site }: JudgedSite): readonly SiteFinding[] {
  const { roles, variables } = bindingsByTarget(site.bindings)
  const unbound = taken.flatMap((requirement) =>
    requirement.endpoints.flatMap((row): readonly Unbound[] => {
      if (row.kind === 'role' && row.value !== selfRole)
        return mostSpecific(roles.get(row.value) ?? [], requirement).length > 0
          ? []
          : [{ kind: 'role', name: row.value, requirement }]
      if (row.kind !== 'pattern') return []
      return variablesOf(row.value)
        .filter((name) => mostSpecific(variables.get(name) ?? [], requirement).length === 0)
        .map((name) => ({ kind: 'variable', name, requirement }))
    })
  )
  const groups = groupBy(unbound, ({ kind, name, requirement }) => [kind, name, requirement.catalogue].join('\n'))
  return [...groups.values()].flatMap(([first, ...others]): readonly SiteFinding[] => {
    if (!first) return []
    const { kind, name, requirement } = first
    const keys = [...new Set([first, ...others].map((each) => each.requirement.key))]
    const bound = kind === 'role' ? roles : variables
    const near = nearestName(name, bound.keys())
    const hint = near === undefined ? '' : `; a binding names ${near}`
    const detail = `nothing binds ${name} of ${requirement.catalogue} (${keys.join(', ')})${hint}`
    const found = foundOf(
      kind === 'role' ? 'unbound_role' : 'unbound_variable',
      bindingPointer(kind === 'role' ? { role: name } : { variable: name }),
      detail
    )
    // Exports fail for it, where the site says so.
    return [site.unbound === 'fail' ? { ...found, severity: 'error' } : found]
  })
}

/** Whether rules have no end for the product. */
function endFindings(taken: readonly MergedRequirement[], { site }: JudgedSite): readonly SiteFinding[] {
  const { roles, components } = bindingsByTarget(site.bindings)
  const without = taken.filter((requirement) => {
    const own = requirement.component === undefined ? [] : (components.get(requirement.component) ?? [])
    return (
      mostSpecific([...own], requirement).length + mostSpecific(roles.get(selfRole) ?? [], requirement).length === 0
    )
  })
  if (without.length === 0) return []
  const catalogues = [...new Set(without.map(({ catalogue }) => catalogue))]
  const detail = `nothing binds self for ${without.length} of ${taken.length} requirements (${catalogues.join(', ')}): their rules have no end for the product`
  return [foundOf('no_self', bindingPointer({ role: selfRole }), detail)]
}

function behindFindings(id: string, { parts }: JudgedSite): readonly SiteFinding[] {
  const part = parts.get(id)
  const newest = part?.newest
  if (!part || !newest || newest.revision <= part.revision) return []
  const valuesOf = ({ document }: Pick<typeof part, 'document'>) =>
    new Set(document.requirements.flatMap(({ key, endpoints }) => endpoints.map((row) => `${key}\n${valueKey(row)}`)))
  const [read, known] = [valuesOf(part), valuesOf(newest)]
  const more = [...known].filter((value) => !read.has(value)).length
  const fewer = [...read].filter((value) => !known.has(value)).length
  const behind = newest.revision - part.revision
  const detail = `the site keeps to revision ${part.revision}, ${behind} behind revision ${newest.revision}, which has ${more} endpoints more and ${fewer} fewer`
  return [foundOf('pinned_behind', `${takenPointer(id)}/asOf`, detail)]
}
