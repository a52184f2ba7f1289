import { PortolanError } from '../errors.ts'
import { variablesOf } from '../network/pattern.ts'
import { type SiteDocument, selfRole } from '../site/site-document.ts'
import { qualifiedKey, type View, type ViewEndpoint } from '../view/view.ts'

/** What the site of an export says beyond its view. */
export interface SiteFacts {
  readonly document: Pick<SiteDocument, 'id' | 'overlays' | 'unbound'>
  /** How many rows its overlays suppress now, by requirement, as `catalogue/key`. */
  readonly suppressed: ReadonlyMap<string, number>
}

/** What a site did with the rows of an export. */
export interface SiteCount {
  /** Rows that stand in the place of a role or of a name with a variable. */
  readonly bound: number
  /** Roles and names with a variable that nothing stands for. */
  readonly unbound: number
  /** Rows whose end an overlay puts off. */
  readonly extended: number
  /** Rows of the catalogues that an overlay suppresses now. */
  readonly suppressed: number
}

/** Counts what a site did with the rows that are exported, and with the requirements that they are of. */
export function siteCount(
  { requirements }: Pick<View, 'requirements'>,
  { document: { overlays }, suppressed }: SiteFacts
): SiteCount {
  const rows = requirements.flatMap(({ endpoints }) => endpoints)
  const extending = new Set(overlays.flatMap(({ action, id }) => (action === 'extend' ? [id] : [])))
  return {
    bound: rows.filter(({ origin }) => origin?.kind === 'binding').length,
    unbound: rows.filter((row) => unboundNames(row).length > 0).length,
    extended: rows.filter(({ origin }) => origin?.kind === 'overlay' && extending.has(origin.ref)).length,
    suppressed: requirements.reduce((sum, each) => sum + (suppressed.get(qualifiedKey(each)) ?? 0), 0)
  }
}

/**
 * Refuses an export of a site that wants everything bound, where something is not.
 * @throws PortolanError `role_unbound`, which names all roles and variables
 */
export function requireBound({ requirements }: Pick<View, 'requirements'>, { document }: SiteFacts): void {
  if (document.unbound !== 'fail') return
  const names = requirements.flatMap(({ endpoints }) => endpoints.flatMap(unboundNames))
  const missing = [...new Set(names)].sort()
  if (missing.length === 0) return
  throw new PortolanError('role_unbound', `The site ${document.id} binds nothing to ${missing.join(', ')}.`)
}

/** What a row waits for: `role syslog-server`, `variable tenant`. A product that talks to itself waits for nobody. */
function unboundNames(row: ViewEndpoint): readonly string[] {
  if (row.kind === 'role') return row.value === selfRole ? [] : [`role ${row.value}`]
  return row.kind === 'pattern' ? variablesOf(row.value).map((name) => `variable ${name}`) : []
}
