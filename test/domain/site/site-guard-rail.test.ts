import t from 'tap'
import { siteGuardRailFindings } from '../../../src/domain/site/site-guard-rail.ts'
import { leedsText, publishedAt, siteOf } from './support/leeds.ts'

const leeds = siteOf(leedsText)
const findings = (next: string, head = leeds) => siteGuardRailFindings(head, siteOf(next), publishedAt)
const snmp = (values: string) => leedsText.replace('values: [10.20.7.1]', `values: ${values}`)

t.test('a role that had values and has none is found, however they went', async (t) => {
  const found = [{ rule: 'binding_emptied', pointer: '/bindings/role:snmp-manager' }]
  t.match(findings(snmp('[]')), found)
  t.match(findings(leedsText.replace('  - {role: snmp-manager, values: [10.20.7.1]}\n', '')), found)
  t.match(findings(snmp('[{value: 10.20.7.1, until: 2026-01-01}]')), found, 'it has ended')
  t.strictSame(findings(snmp('[10.20.7.2]')), [])
  t.strictSame(
    findings(leedsText.replace(/ {2}- \{role: directory-servers, cat.*\n/, '')),
    [],
    'a general one stands in'
  )
  t.strictSame(siteGuardRailFindings(siteOf(snmp('[]')), siteOf(snmp('[]')), publishedAt), [])
})

t.test('more than a fifth and more than ten bound values that vanish are a mass change', async (t) => {
  const many = (from: number, to: number) =>
    snmp(`[${Array.from({ length: to - from }, (_, index) => `10.50.0.${from + index}`).join(', ')}]`)
  const head = siteOf(many(0, 30))
  t.match(findings(many(11, 30), head), [{ rule: 'binding_mass_change', pointer: '/bindings', detail: /^11 of 43/ }])
  t.strictSame(findings(many(10, 30), head), [], 'ten are not')
  t.strictSame(findings(many(11, 200), siteOf(many(0, 200))), [], 'nor is a small part')
})

t.test('a network that is too broad is found once', async (t) => {
  t.match(findings(snmp('[8.0.0.0/7]')), [{ rule: 'address_too_broad', detail: /\/8$/ }])
  t.match(findings(snmp('["2001::/31"]')), [{ rule: 'address_too_broad', detail: /\/32$/ }])
  t.strictSame(findings(snmp('[10.0.0.0/8, "2001:db8::/32"]')), [])
  t.strictSame(findings(snmp('[8.0.0.0/7]'), siteOf(snmp('[8.0.0.0/7]'))), [], 'the head has it already')
  t.match(siteGuardRailFindings(undefined, siteOf(snmp('[0.0.0.0/0]')), publishedAt), [{ rule: 'address_too_broad' }])
})
