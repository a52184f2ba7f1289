import type { Endpoint } from '../../../../src/domain/document/endpoint.ts'
import type { Binding, Overlay, SiteDocument } from '../../../../src/domain/site/site-document.ts'
import type { Instant } from '../../../../src/domain/time/instant.ts'
import type { Viewable, ViewableRequirement } from '../../../../src/domain/view/view.ts'
import { bounds } from './arbitrary-site.ts'

/** Whether something holds, for each time between two bounds: before the first one, and from each of them on. */
type Cells = readonly boolean[]
export const cellStarts: readonly Instant[] = [-Infinity, ...bounds]

const cells = (holds: (start: Instant) => boolean): Cells => cellStarts.map(holds)
const holding = ({ from, until }: { readonly from?: string; readonly until?: string }): Cells =>
  cells(
    (start) => (from === undefined || start >= Date.parse(from)) && (until === undefined || start < Date.parse(until))
  )
const both = (a: Cells, b: Cells): Cells => a.map((value, index) => value && b[index] === true)
const either = (a: Cells | undefined, b: Cells): Cells => b.map((value, index) => value || a?.[index] === true)
const isNever = (list: Cells) => !list.includes(true)

/** What holds of one requirement: kind and value, and when. */
type Holding = Map<string, Cells>
const add = (to: Holding, name: string, when: Cells) => to.set(name, either(to.get(name), when))

/**
 * What a merge gives, told for each time on its own and without rows: `catalogue/requirement kind value <- source`, at the start of each cell.
 */
export function naiveMerge(
  site: SiteDocument,
  documents: readonly Viewable[],
  feedRows: readonly Endpoint[]
): readonly (readonly string[])[] {
  const found = cellStarts.map((): string[] => [])
  for (const taken of site.catalogues)
    for (const requirement of documents.find(({ id }) => id === taken.id)?.requirements ?? []) {
      const names = [requirement.key, ...(requirement.previousKeys ?? [])]
      if (taken.without?.some((key) => names.includes(key))) continue
      const isAbout = (about: { readonly catalogue?: string; readonly requirement?: string }) =>
        (about.catalogue ?? taken.id) === taken.id && names.includes(about.requirement ?? requirement.key)
      const overlays = site.overlays.filter(isAbout)
      const bindings = site.bindings.filter(isAbout)
      const held = overlaid(bound(requirement, bindings, overlays, feedRows), overlays)
      const sources = sourcesOf(requirement, bindings)
      for (const [name, when] of held)
        for (const [index, holds] of when.entries()) {
          if (!holds) continue
          const source = sources?.[index]
          if (source?.length === 0) continue
          found[index]?.push(`${taken.id}/${requirement.key} ${name}${source ? ` <- ${source.join(' ')}` : ''}`)
        }
    }
  return found.map((list) => list.sort())
}

/** The values of the most specific bindings, and when each holds. */
function valuesOf(bindings: readonly Binding[]): Holding | undefined {
  for (const [requirement, catalogue] of [
    [true, true],
    [true, false],
    [false, true],
    [false, false]
  ]) {
    const level = bindings.filter(
      (each) => (each.requirement !== undefined) === requirement && (each.catalogue !== undefined) === catalogue
    )
    if (level.length === 0) continue
    const values: Holding = new Map()
    for (const { values: list } of level) for (const each of list) add(values, each.value, holding(each))
    return values
  }
  return undefined
}

const named = (value: string) => (/^[\d.]+$/.test(value) ? `address ${value}` : `host ${value}`)

function bound(
  { endpoints }: ViewableRequirement,
  bindings: readonly Binding[],
  overlays: readonly Overlay[],
  feedRows: readonly Endpoint[]
): Holding {
  const held: Holding = new Map()
  for (const endpoint of endpoints) {
    if (endpoint.kind === 'feed') continue
    const value = endpoint.kind === 'any' ? '' : endpoint.value
    const name = `${endpoint.kind} ${value}`.trim()
    const isReference = endpoint.kind === 'role' || endpoint.kind === 'pattern'
    const about = isReference
      ? overlays.filter((each) => each.endpoint?.kind === endpoint.kind && each.endpoint.value === value)
      : []
    const when = overlaid(new Map([[name, holding(endpoint)]]), about).get(name) ?? holding(endpoint)
    if (isNever(when)) continue
    const targets = bindings.filter(({ role, variable }) =>
      endpoint.kind === 'role' ? role === value : endpoint.kind === 'pattern' && variable === 'tenant'
    )
    const values = isReference ? valuesOf(targets) : undefined
    if (values)
      for (const [each, times] of values)
        add(held, endpoint.kind === 'role' ? named(each) : `host ${each}.example.com`, both(when, times))
    else add(held, name, when)
  }
  // A reference to a feed gives the rows of the feed while it holds; without any it stays.
  for (const reference of endpoints) {
    if (reference.kind !== 'feed') continue
    const name = `feed ${reference.value}`
    const about = overlays.filter(({ endpoint }) => endpoint?.kind === 'feed')
    const when = overlaid(new Map([[name, holding(reference)]]), about).get(name)
    if (!when || isNever(when)) continue
    const rows = feedRows.map((row) => [row, both(when, holding(row))] as const).filter(([, cell]) => !isNever(cell))
    if (rows.length === 0) add(held, name, when)
    for (const [row, cell] of rows) if (row.kind !== 'any') add(held, `${row.kind} ${row.value}`, cell)
  }
  return held
}

/** Suppressed before the end, then held on until it, then added. */
function overlaid(held: Holding, overlays: readonly Overlay[]): Holding {
  const result: Holding = new Map(held)
  const before = (until: string) => cells((start) => start < Date.parse(until))
  const names =
    ({ endpoint }: Overlay) =>
    (name: string) =>
      endpoint === undefined || name === `${endpoint.kind} ${endpoint.value ?? ''}`.trim()
  const doing = (action: Overlay['action']) => overlays.filter((each) => each.action === action)
  for (const overlay of doing('suppress'))
    for (const [name, when] of result)
      if (names(overlay)(name))
        result.set(
          name,
          both(
            when,
            before(overlay.until).map((is) => !is)
          )
        )
  // Each end moves to the latest of the overlays that are about it, so what one of them fills is no end for another.
  for (const [name, when] of [...result]) {
    const filled = [...when]
    for (const overlay of doing('extend').filter((each) => names(each)(name)))
      for (const [index, holds] of before(overlay.until).entries())
        if (holds && when.slice(0, index).includes(true)) filled[index] = true
    result.set(name, filled)
  }
  for (const overlay of doing('add'))
    add(result, `${overlay.endpoint?.kind} ${overlay.endpoint?.value}`, before(overlay.until))
  return result
}

/** The product's own addresses in each cell; undefined where nothing binds them. */
function sourcesOf(
  { component }: ViewableRequirement,
  bindings: readonly Binding[]
): readonly (readonly string[])[] | undefined {
  const own = component === undefined ? undefined : valuesOf(bindings.filter((each) => each.component === component))
  const values = own ?? valuesOf(bindings.filter(({ role }) => role === 'self'))
  if (!values) return undefined
  return cellStarts.map((_, index) =>
    [...values]
      .filter(([, when]) => when[index])
      .map(([value]) => value)
      .sort()
  )
}
