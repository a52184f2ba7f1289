import { groupBy } from '../../group.ts'
import { bindingFindings, overlapFindings } from './binding-finding.ts'
import { overlayFindings } from './overlay-finding.ts'
import { type JudgedSite, type SiteFinding, severities } from './site-finding.ts'
import { takenFindings } from './taken-finding.ts'

/** What the owner of a site should look at, the errors first, each once. It is the same for documents whose sets stand in another order. */
export function siteFindings(judged: JudgedSite): readonly SiteFinding[] {
  const all = [
    ...takenFindings(judged),
    ...bindingFindings(judged),
    ...overlapFindings(judged),
    ...overlayFindings(judged)
  ]
  const text = ({ severity, code, pointer, detail }: SiteFinding) =>
    [severities.indexOf(severity), code, pointer, detail].join('\n')
  return [...groupBy(all, text)].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, [first]]) => first ?? [])
}
