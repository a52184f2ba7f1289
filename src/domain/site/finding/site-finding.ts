import type { Instant } from '../../time/instant.ts'
import type { MergedRequirement, MergeInput, SitePart } from '../merge.ts'

export const siteFindingCodes = [
  'unbound_role',
  'unbound_variable',
  'undecided',
  'stale_binding',
  'stale_overlay',
  'renamed',
  'never_holds',
  'binding_ended',
  'overlay_ends_soon',
  'overlay_ended',
  'extended',
  'no_self',
  'self_overlaps_binding',
  'public_address_in_role',
  'pinned_behind'
] as const
type SiteFindingCode = (typeof siteFindingCodes)[number]

export const severities = ['error', 'warn', 'info'] as const
type Severity = (typeof severities)[number]

/** Something about a site that its owner should look at. Nothing refuses a document for it. */
export interface SiteFinding {
  readonly code: SiteFindingCode
  readonly severity: Severity
  /** JSON Pointer into the document of the site, whose lists are read by name. */
  readonly pointer: string
  readonly detail: string
  /** Since when it is so, as RFC 3339, where an instant made it so. */
  readonly since?: string
}

/** A catalogue as the site reads it, and where the site keeps to a revision, the newest one. */
export interface JudgedPart extends SitePart {
  readonly newest?: SitePart
}

/** A site at an instant, with its catalogues. */
export interface JudgedSite extends MergeInput {
  readonly parts: ReadonlyMap<string, JudgedPart>
  readonly now: Instant
}

const severityOf: Readonly<Record<SiteFindingCode, Severity>> = {
  unbound_role: 'warn',
  unbound_variable: 'warn',
  undecided: 'info',
  stale_binding: 'warn',
  stale_overlay: 'warn',
  renamed: 'info',
  never_holds: 'warn',
  binding_ended: 'error',
  overlay_ends_soon: 'warn',
  overlay_ended: 'info',
  extended: 'warn',
  no_self: 'info',
  self_overlaps_binding: 'warn',
  public_address_in_role: 'info',
  pinned_behind: 'info'
}

/** A finding with the severity of its code. */
export function foundOf(code: SiteFindingCode, pointer: string, detail: string, since?: string): SiteFinding {
  return { code, severity: severityOf[code], pointer, detail, ...(since !== undefined && { since }) }
}

/** The requirements of all catalogues of a site as these have them, those too that the site does not take. */
export function judgedRequirements({ site, parts }: Pick<JudgedSite, 'site' | 'parts'>): readonly MergedRequirement[] {
  return site.catalogues.flatMap(({ id }) =>
    (parts.get(id)?.document.requirements ?? []).map((requirement) => ({ ...requirement, catalogue: id }))
  )
}
