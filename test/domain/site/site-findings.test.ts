import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import type { JudgedSite, SiteFinding } from '../../../src/domain/site/finding/site-finding.ts'
import { siteFindings } from '../../../src/domain/site/finding/site-findings.ts'
import { gateway, gatewayId, leedsText, publishedAt, siteOf } from './support/leeds.ts'

interface Read {
  readonly document?: Document
  readonly now?: number
  readonly newest?: Document
}

/** The findings of a site that was published with the gateway, and is read with what became of it. */
function findingsOf(
  text: string,
  { document = gateway(), now = publishedAt, newest }: Read = {}
): readonly SiteFinding[] {
  const part = { revision: 2, document, ...(newest && { newest: { revision: 5, document: newest } }) }
  const judged: JudgedSite = { site: siteOf(text), revision: 3, parts: new Map([[gatewayId, part]]), now }
  return siteFindings(judged)
}

const lines = (found: readonly SiteFinding[], code: SiteFinding['code']) =>
  found.filter((each) => each.code === code).map(({ pointer }) => pointer)

const about = `catalogue: ${gatewayId}`
const withBinding = (binding: string) => leedsText.replace('overlays:', `  - ${binding}\noverlays:`)
const mapped = (
  change: (requirement: Document['requirements'][number]) => readonly Document['requirements'][number][]
) => {
  const document = gateway()
  return { ...document, requirements: document.requirements.flatMap(change) }
}

t.test('a site that is in order has nothing but what nobody decided', async (t) => {
  const found = findingsOf(leedsText)
  t.strictSame([...new Set(found.map(({ code }) => code))], ['undecided'])
  t.ok(found.every(({ severity }) => severity === 'info'))
  t.ok(lines(found, 'undecided').includes(`/catalogues/${gatewayId}/conditions/sophos-av-updates`))
})

t.test('a role that nothing binds is found, and is an error where exports fail for it', async (t) => {
  const unbound = leedsText.replace('  - {role: snmp-manager, values: [10.20.7.1]}\n', '')
  t.match(
    findingsOf(unbound).find(({ code }) => code === 'unbound_role'),
    { severity: 'warn', pointer: '/bindings/role:snmp-manager', detail: /\(snmp-alerts\)/ }
  )
  const failing = findingsOf(unbound.replace('unbound: omit', 'unbound: fail'))
  t.match(failing[0], { code: 'unbound_role', severity: 'error' })
})

t.test('a role that was renamed is unbound under its new name, and its binding is stale', async (t) => {
  const document = mapped((each) => [
    {
      ...each,
      endpoints: each.endpoints.map((row) =>
        row.kind === 'role' && row.value === 'snmp-manager' ? { ...row, value: 'snmp-managers' } : row
      )
    }
  ])
  const found = findingsOf(leedsText, { document })
  t.strictSame(lines(found, 'stale_binding'), ['/bindings/role:snmp-manager'])
  t.match(found.find(({ code }) => code === 'unbound_role')?.detail, /a binding names snmp-manager$/)
})

t.test('a former key is told wherever the site writes it', async (t) => {
  const document = mapped((each) => [{ ...each, key: `${each.key}-2`, previousKeys: [each.key] }])
  t.strictSame(lines(findingsOf(leedsText, { document }), 'renamed').sort(), [
    `/bindings/role:directory-servers@${gatewayId}~1directory-access`,
    `/catalogues/${gatewayId}/conditions/kaspersky-av-updates`,
    `/catalogues/${gatewayId}/conditions/kaspersky-ksn-lookup`,
    `/catalogues/${gatewayId}/without/rss-feed`,
    '/overlays/case-771',
    '/overlays/late-repo',
    '/overlays/no-help'
  ])
})

t.test('what left the catalogue makes overlays stale', async (t) => {
  const document = mapped((each) =>
    each.key === 'kaspersky-av-updates'
      ? []
      : [{ ...each, endpoints: each.endpoints.filter((row) => row.kind === 'role') }]
  )
  t.strictSame(lines(findingsOf(leedsText, { document }), 'stale_overlay').sort(), [
    '/overlays/case-771',
    '/overlays/late-repo'
  ])
})

t.test('values that never hold, and bindings that have ended, are found', async (t) => {
  const never = leedsText.replace(
    '{value: 10.20.9.0/28, from: 2027-03-01}',
    '{value: 10.20.9.0/28, from: 2027-03-01}\n      - {value: 10.20.9.99, from: 2027-07-01}'
  )
  t.strictSame(lines(findingsOf(never), 'never_holds'), ['/bindings/role:syslog-server/values/10.20.9.99'])
  const ended = withBinding(`{role: snmp-manager, ${about}, values: [{value: 10.20.7.9, until: 2026-01-01}]}`)
  t.match(
    findingsOf(ended).find(({ code }) => code === 'binding_ended'),
    { severity: 'error', pointer: `/bindings/role:snmp-manager@${gatewayId}`, since: '2026-01-01T00:00:00Z' }
  )
})

t.test('overlays are told before they end, when they have ended, and when they hold on to what is gone', async (t) => {
  const found = (now: string) => findingsOf(leedsText, { now: Date.parse(now) })
  t.strictSame(lines(found('2026-12-16T00:00:00Z'), 'overlay_ends_soon'), ['/overlays/case-771'])
  t.strictSame(lines(found('2026-12-15T23:59:59Z'), 'overlay_ends_soon'), [])
  t.strictSame(lines(found('2027-01-15T00:00:00Z'), 'overlay_ended'), ['/overlays/case-771'])
  t.strictSame(lines(found('2027-01-31T23:59:59Z'), 'extended'), [])
  t.match(
    found('2027-02-01T00:00:00Z').find(({ code }) => code === 'extended'),
    {
      pointer: '/overlays/late-repo',
      since: '2027-02-01T00:00:00Z'
    }
  )
  t.strictSame(lines(found('2027-02-20T00:00:00Z'), 'extended'), [])
})

t.test('the ends of the product, and addresses that look wrong, are found', async (t) => {
  t.strictSame(lines(findingsOf(leedsText.replace(/ {2}- \{role: self.*\n/, '')), 'no_self'), ['/bindings/role:self'])
  t.strictSame(
    lines(findingsOf(leedsText.replace('values: [10.20.7.1]', 'values: [10.30.0.0/24]')), 'self_overlaps_binding'),
    ['/bindings/role:snmp-manager/values/10.30.0.0~124']
  )
  t.strictSame(
    lines(findingsOf(leedsText.replace('values: [10.20.7.1]', 'values: [9.9.9.9]')), 'public_address_in_role'),
    ['/bindings/role:snmp-manager/values/9.9.9.9']
  )
})

t.test('a site that keeps to a revision is told how far behind it is', async (t) => {
  const found = findingsOf(leedsText, { newest: mapped((each) => (each.key === 'dns' ? [] : [each])) })
  t.match(
    found.find(({ code }) => code === 'pinned_behind'),
    {
      pointer: `/catalogues/${gatewayId}/asOf`,
      detail: /revision 2, 3 behind revision 5.* 0 endpoints more and \d+ fewer/
    }
  )
})
