import { sortedSet } from '../document/document-reader.ts'
import { parseAddress } from '../network/address.ts'
import { variablesOf } from '../network/pattern.ts'
import { lasting, stretchOf } from '../reference/row-stretch.ts'
import type { Origin, ResolvedEndpoint } from '../view/view.ts'
import { type PlacedRequirement, valuesBoundTo, within } from './bound-values.ts'
import { filledName } from './filled-name.ts'
import { type Binding, selfRole } from './site-document.ts'

type RoleRow = Extract<ResolvedEndpoint, { readonly kind: 'role' }>
type PatternRow = Extract<ResolvedEndpoint, { readonly kind: 'pattern' }>

/** The bindings of a site by what they bind. */
export interface Bindings {
  readonly roles: ReadonlyMap<string, readonly Binding[]>
  readonly variables: ReadonlyMap<string, readonly Binding[]>
  readonly components: ReadonlyMap<string, readonly Binding[]>
}

export function bindingsByTarget(bindings: readonly Binding[]): Bindings {
  const found = { roles: new Map(), variables: new Map(), components: new Map<string, Binding[]>() }
  for (const binding of bindings) {
    const { role, variable, component } = binding
    const [list, name] =
      role !== undefined
        ? [found.roles, role]
        : variable !== undefined
          ? [found.variables, variable]
          : [found.components, component]
    list.set(name, [...(list.get(name) ?? []), binding])
  }
  return found
}

/**
 * The rows of a requirement with bound values in the place of roles and variables. What nothing binds stays as it is. `revision`: of the site,
 * for the origin of the new rows.
 */
export function boundRows(
  rows: readonly ResolvedEndpoint[],
  place: PlacedRequirement,
  bindings: Bindings,
  revision: number
): readonly ResolvedEndpoint[] {
  const played = new Map<string, readonly string[]>()
  const bound = rows.flatMap((row): readonly ResolvedEndpoint[] => {
    if (row.kind === 'pattern') return filledRows(row, place, bindings, revision)
    if (row.kind !== 'role' || row.value === selfRole) return [row]
    const values = valuesBoundTo(bindings.roles.get(row.value) ?? [], place)
    if (values === undefined) return [row]
    played.set(row.value, [...values.keys()])
    return [...values].flatMap(([value, stretches]) =>
      within(stretches, stretchOf(row)).map((stretch) => lasting(playing(row, value, revision), stretch))
    )
  })
  if (played.size === 0) return bound
  return bound.map((row) => {
    if (!row.replacedBy?.some((value) => played.has(value))) return row
    // What takes the place of an endpoint may be a role, and then it is who plays the role.
    return { ...row, replacedBy: sortedSet(row.replacedBy.flatMap((value) => played.get(value) ?? [value])) }
  })
}

function playing({ title: _, value: role, ...row }: RoleRow, value: string, revision: number): ResolvedEndpoint {
  const origin: Origin = { kind: 'binding', ref: role, revision }
  const kind = 'value' in parseAddress(value) ? 'address' : 'host'
  return { ...row, kind, value, role, origin }
}

function filledRows(
  row: PatternRow,
  place: PlacedRequirement,
  { variables }: Bindings,
  revision: number
): readonly ResolvedEndpoint[] {
  let rows: readonly ResolvedEndpoint[] = [row]
  for (const variable of new Set(variablesOf(row.value))) {
    const values = valuesBoundTo(variables.get(variable) ?? [], place)
    if (values === undefined) continue
    rows = rows.flatMap((each): readonly ResolvedEndpoint[] =>
      each.kind !== 'pattern'
        ? [each]
        : [...values].flatMap(([value, stretches]) => {
            const name = filledName(each.value, variable, value)
            if ('fault' in name) return []
            const origin: Origin = { kind: 'binding', ref: variable, revision }
            return within(stretches, stretchOf(each)).map((stretch) => lasting({ ...each, ...name, origin }, stretch))
          })
    )
  }
  return rows
}
