import { valueKey } from '../../document/endpoint.ts'
import { dayMs } from '../../time/duration.ts'
import { readInstant } from '../../time/instant.ts'
import type { ResolvedEndpoint } from '../../view/view.ts'
import { isAbout } from '../bound-values.ts'
import { mergeSite } from '../merge.ts'
import type { Overlay } from '../site-document.ts'
import { overlayPointer } from '../site-pointer.ts'
import { foundOf, type JudgedSite, judgedRequirements, type SiteFinding } from './site-finding.ts'

/** So long before its end an overlay is a finding. */
const soon = 30 * dayMs

/** What to look at among the overlays of a site. */
export function overlayFindings(judged: JudgedSite): readonly SiteFinding[] {
  const { overlays } = judged.site
  if (overlays.length === 0) return []
  const plain = mergeSite({ ...judged, site: { ...judged.site, overlays: [] } }).document.requirements
  const written = judgedRequirements(judged)
  return overlays.flatMap((overlay) => {
    const { until } = overlay
    const pointer = overlayPointer(overlay)
    if (readInstant(until) <= judged.now) {
      const detail = 'has ended and does nothing any more: it may be removed'
      return [foundOf('overlay_ended', pointer, detail, until)]
    }
    const isSoon = readInstant(until) - judged.now <= soon
    const ending = isSoon ? [foundOf('overlay_ends_soon', pointer, `ends at ${until}`)] : []
    if (!judged.parts.has(overlay.catalogue)) return ending
    const about = written.filter((each) => isAbout(overlay, each))
    const rows = [...about, ...plain.filter((each) => isAbout(overlay, each))].flatMap(({ endpoints }) => endpoints)
    const renamed = about.find(({ key }) => key !== overlay.requirement)
    return [
      ...ending,
      ...(renamed
        ? [foundOf('renamed', pointer, `the requirement ${overlay.requirement} is called ${renamed.key} now`)]
        : []),
      ...matchFindings(overlay, about.length > 0, rows, judged)
    ]
  })
}

function matchFindings(
  overlay: Overlay,
  isThere: boolean,
  rows: readonly ResolvedEndpoint[],
  { now }: JudgedSite
): readonly SiteFinding[] {
  const { action, requirement, endpoint, catalogue } = overlay
  const pointer = overlayPointer(overlay)
  const stale = (detail: string) => [foundOf('stale_overlay', pointer, detail)]
  if (!isThere) return stale(`${catalogue} has no requirement ${requirement} any more`)
  if (action === 'add' || endpoint === undefined) return []
  const named = rows.filter((row) => valueKey(row) === valueKey(endpoint))
  if (named.length === 0) return stale(`${requirement} has no endpoint ${endpoint.value ?? endpoint.kind} any more`)
  if (action === 'suppress') return []
  const ends = named.flatMap((row) => row.until ?? [])
  if (ends.length === 0) return stale('no end is announced any more that could be extended')
  const passed = ends.filter((end) => readInstant(end) <= now && readInstant(end) < readInstant(overlay.until))
  const last = passed.sort().at(-1)
  if (last === undefined || named.some(({ until }) => until === undefined || readInstant(until) > now)) return []
  const detail = `by the catalogue nobody answers at ${endpoint.value ?? endpoint.kind} since ${last}`
  return [foundOf('extended', pointer, detail, last)]
}
