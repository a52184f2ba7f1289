import type { SubjectPack } from '../../domain/change-pack/subject-pack.ts'
import { summaryOf } from '../../domain/change-pack/summary.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { type PackWindow, windowsOf } from './pack-window.ts'

/** What ServiceNow takes as a short description, in characters. */
const longestTitle = 160

/**
 * A change request for each window: each is the body of `POST /api/sn_chg_rest/change/normal` of ServiceNow's Change Management API. Who posts it
 * looks for its `correlation_id` first, since ServiceNow does not keep that unique.
 */
export function packServicenow(pack: SubjectPack, base: string) {
  return { changes: windowsOf(pack, base).map((window) => changeOf(window, pack)) }
}

function changeOf(window: PackWindow, pack: SubjectPack) {
  const { product, reason, risk, from, to } = pack
  const { title, begins, ends, rows, conditions, checks, after, backout } = window
  const first = after.length > 0 ? [`Not before steps ${after.join(', ')} of the change pack are done.`] : []
  const only = conditions.length > 0 ? [`Only where this holds: ${conditions.join(' ')}`] : []
  const test =
    checks.length > 0
      ? checks
      : [`Traffic that the ${pack.subject.kind} names passes, and what it no longer names does not.`]
  const opens = `${risk.hosts} hosts and ${risk.addresses} addresses are opened in all`
  const widest = risk.widest === undefined ? '' : `, the broadest of them ${risk.widest}`
  const ports = risk.newPorts.length > 0 ? `; new ports: ${risk.newPorts.join(', ')}` : '; no new port'
  return {
    type: 'normal',
    short_description: cut(`${title} for ${product}`),
    description: [summaryOf(pack), `From ${from.label} to ${to.label}.`, ...only].join('\n'),
    ...(reason !== undefined && { justification: reason }),
    implementation_plan: [...first, `${title}:`, ...rows].join('\n'),
    test_plan: test.join('\n'),
    backout_plan: backout,
    risk_impact_analysis: `${opens}${widest}${ports}.`,
    start_date: dateTime(begins),
    end_date: dateTime(ends),
    correlation_id: window.id,
    correlation_display: 'Portolan'
  }
}

function cut(text: string): string {
  const characters = [...text]
  return characters.length <= longestTitle ? text : `${characters.slice(0, longestTitle - 1).join('')}…`
}

/** As ServiceNow writes instants, in UTC: `2018-11-22 00:00:00`. */
function dateTime(instant: Instant): string {
  return formatInstant(instant).slice(0, 19).replace('T', ' ')
}
