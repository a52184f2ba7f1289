import { valueKey } from '../document/endpoint.ts'
import { lasting, stretchOf } from '../reference/row-stretch.ts'
import { type Instant, readInstant } from '../time/instant.ts'
import type { Origin, ResolvedEndpoint } from '../view/view.ts'
import { isAbout, type PlacedRequirement } from './bound-values.ts'
import type { NamedEndpoint, Overlay } from './site-document.ts'
import { unitedRows } from './united-rows.ts'

/** Whether an overlay names what other rows will stand in the place of: a role, a pattern with variables, a reference to a feed. */
function isOfReference({ endpoint }: Overlay): boolean {
  return endpoint?.kind === 'role' || endpoint?.kind === 'pattern' || endpoint?.kind === 'feed'
}

/** The overlays of a site that are about a requirement. */
export function overlaysFor(overlays: readonly Overlay[], place: PlacedRequirement): readonly Overlay[] {
  return overlays.filter((overlay) => isAbout(overlay, place))
}

/**
 * The rows of a requirement before anything takes the place of roles, variables and feeds, with the overlays that name one of these: what takes
 * their place then lasts as long.
 */
export function overlaidReferences(
  rows: readonly ResolvedEndpoint[],
  overlays: readonly Overlay[],
  revision: number
): readonly ResolvedEndpoint[] {
  const about = overlays.filter(isOfReference)
  return about.length === 0 ? rows : extended(suppressed(rows, about), about, revision)
}

/** The rows with overlays: suppressed, then extended, then added. `revision`: of the site. */
export function overlaidRows(
  rows: readonly ResolvedEndpoint[],
  overlays: readonly Overlay[],
  revision: number
): readonly ResolvedEndpoint[] {
  if (overlays.length === 0) return rows
  const added = overlays.flatMap((overlay): readonly ResolvedEndpoint[] =>
    overlay.action === 'add' ? addedRow(overlay, revision) : []
  )
  return unitedRows([...unitedRows(extended(suppressed(rows, overlays), overlays, revision)), ...added])
}

/** Whether a row is the endpoint that an overlay names, or the overlay is about all of its requirement. */
export function isNamedBy(row: ResolvedEndpoint, endpoint: NamedEndpoint | undefined): boolean {
  return endpoint === undefined || valueKey(endpoint) === valueKey(row)
}

/** Rows that match hold only from the end of the overlay on. */
function suppressed(rows: readonly ResolvedEndpoint[], overlays: readonly Overlay[]): readonly ResolvedEndpoint[] {
  const suppressing = overlays.filter(({ action }) => action === 'suppress')
  if (suppressing.length === 0) return rows
  return rows.flatMap((row) => {
    const latest = latestOf(suppressing.filter(({ endpoint }) => isNamedBy(row, endpoint)))
    if (!latest) return [row]
    const { start, end } = stretchOf(row)
    if (latest.until >= end) return []
    return [latest.until <= start ? row : lasting(row, { start: latest.until, end })]
  })
}

/** Rows that match and end earlier last until the end of the overlay. */
function extended(
  rows: readonly ResolvedEndpoint[],
  overlays: readonly Overlay[],
  revision: number
): readonly ResolvedEndpoint[] {
  const extending = overlays.filter(({ action }) => action === 'extend')
  if (extending.length === 0) return rows
  return rows.map((row) => {
    const latest = latestOf(extending.filter(({ endpoint }) => isNamedBy(row, endpoint)))
    const { start, end } = stretchOf(row)
    if (!latest || latest.until <= end) return row
    return { ...lasting(row, { start, end: latest.until }), origin: originOf(latest.overlay, revision) }
  })
}

/** The overlay that ends last, and of those that end together the first by id. */
function latestOf(overlays: readonly Overlay[]): { readonly overlay: Overlay; readonly until: Instant } | undefined {
  let latest: { readonly overlay: Overlay; readonly until: Instant } | undefined
  for (const overlay of overlays) {
    const until = readInstant(overlay.until)
    if (!latest || until > latest.until || (until === latest.until && overlay.id < latest.overlay.id))
      latest = { overlay, until }
  }
  return latest
}

function originOf({ id }: Overlay, revision: number): Origin {
  return { kind: 'overlay', ref: id, revision }
}

function addedRow(overlay: Overlay, revision: number): readonly ResolvedEndpoint[] {
  const { endpoint, until } = overlay
  if (endpoint?.value === undefined) return []
  const { kind, value } = endpoint
  // Only these kinds can be added, and each has nothing but its value.
  if (kind !== 'host' && kind !== 'address' && kind !== 'pattern' && kind !== 'url') return []
  return [{ kind, value, until, origin: originOf(overlay, revision) }]
}
