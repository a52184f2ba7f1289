import t from 'tap'
import { countSiteChanges, diffSites } from '../../../src/domain/site/site-diff.ts'
import { gatewayId, leedsText, siteOf } from './support/leeds.ts'

const leeds = siteOf(leedsText)
const changesTo = (text: string) => diffSites(leeds, siteOf(text))

t.test('equal documents have no changes, and without a document before everything is new', async (t) => {
  t.strictSame(diffSites(leeds, leeds), [])
  const all = diffSites(undefined, leeds)
  t.ok(all.every(({ op }) => op === 'added'))
  t.strictSame(countSiteChanges(all), { added: 14, removed: 0, changed: 0 })
})

t.test('a change names its place by what stands there', async (t) => {
  t.match(changesTo(leedsText.replace('title: Leeds', 'title: Leeds 2')), [
    { op: 'changed', pointer: '/title', before: 'Leeds', after: 'Leeds 2' }
  ])
  t.match(changesTo(leedsText.replace('10.20.7.1', '10.20.7.2')), [
    { op: 'removed', pointer: '/bindings/role:snmp-manager/values/10.20.7.1' },
    { op: 'added', pointer: '/bindings/role:snmp-manager/values/10.20.7.2', after: { value: '10.20.7.2' } }
  ])
  t.match(changesTo(leedsText.replace('10.20.1.5, until: 2027-03-01', '10.20.1.5, until: 2027-03-02')), [
    {
      op: 'changed',
      pointer: '/bindings/role:syslog-server/values/10.20.1.5',
      before: { until: '2027-03-01T00:00:00Z' },
      after: { until: '2027-03-02T00:00:00Z' }
    }
  ])
  t.match(changesTo(leedsText.replace('ticket: CHG0042', 'ticket: CHG0043')), [
    { op: 'changed', pointer: '/overlays/no-help', after: { ticket: 'CHG0043' } }
  ])
  t.match(changesTo(leedsText.replace('without: [rss-feed]', 'without: [rss-feed, dns]')), [
    { op: 'changed', pointer: `/catalogues/${gatewayId}` }
  ])
})

t.test('a binding comes and goes as a whole', async (t) => {
  const without = leedsText.replace('  - {role: snmp-manager, values: [10.20.7.1]}\n', '')
  const pointer = '/bindings/role:snmp-manager'
  t.match(changesTo(without), [{ op: 'removed', pointer, before: { values: [{ value: '10.20.7.1' }] } }])
  t.match(diffSites(siteOf(without), leeds), [{ op: 'added', pointer }])
})
