import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { type MergedDocument, mergeSite } from '../../../src/domain/site/merge.ts'
import { formatInstant } from '../../../src/domain/time/instant.ts'
import { boundsOf, lifetimeOf, statusAt } from '../../../src/domain/view/lifetime.ts'
import { gateway, gatewayId, leedsText, siteOf } from './support/leeds.ts'

function mergedOf(text: string, document: Document = gateway()): MergedDocument {
  return mergeSite({
    site: siteOf(text, [document]),
    revision: 3,
    parts: new Map([[gatewayId, { revision: 2, document }]])
  }).document
}

const rowsOf = (document: MergedDocument, key: string) =>
  document.requirements.find((each) => each.key === key)?.endpoints ?? []

/** `value from until`, with `-` where there is no bound. */
const lines = (document: MergedDocument, key: string, text = '') =>
  rowsOf(document, key)
    .map((row) => `${row.kind === 'any' ? 'any' : row.value} ${row.from ?? '-'} ${row.until ?? '-'}`)
    .filter((line) => line.startsWith(text))

const about = `catalogue: ${gatewayId}`
const withBinding = (binding: string) => leedsText.replace('overlays:', `  - ${binding}\noverlays:`)
const withOverlay = (overlay: string) => leedsText.replace('unbound:', `  - ${overlay}\nunbound:`)
const leeds = leedsText.replace(
  '{value: 10.20.9.0/28, from: 2027-03-01}',
  '{value: 10.20.9.0/28, from: 2027-03-01}\n      - {value: 10.20.9.99, from: 2027-07-01}'
)

t.test('the worked example has these rows, with midnights of London', async (t) => {
  const document = mergedOf(leeds)
  t.strictSame(lines(document, 'syslog'), [
    '10.20.1.5 - 2027-03-01T00:00:00Z',
    '10.20.9.0/28 2027-03-01T00:00:00Z 2027-06-01T00:00:00Z'
  ])
  t.strictSame(lines(document, 'appliance-online-help', '79.'), ['79.125.18.99 2027-03-31T23:00:00Z -'])
  t.strictSame(lines(document, 'kaspersky-av-updates', '203.'), ['203.0.113.9 - 2027-01-15T00:00:00Z'])
  t.strictSame(lines(document, 'product-os-updates', '46.'), ['46.51.174.180 - 2027-02-20T00:00:00Z'])
  const transitions = boundsOf(document.requirements.flatMap(({ endpoints }) => endpoints.map(lifetimeOf)))
  t.strictSame(
    transitions.filter((each) => each > Date.UTC(2026, 0, 1)).map(formatInstant),
    [
      '2027-01-15T00:00:00Z',
      '2027-02-20T00:00:00Z',
      '2027-03-01T00:00:00Z',
      '2027-03-31T23:00:00Z',
      '2027-06-01T00:00:00Z'
    ],
    'the first of February is none'
  )
  const at = Date.UTC(2027, 1, 10)
  const statuses = ['syslog', 'appliance-online-help', 'product-os-updates'].flatMap((key) =>
    rowsOf(document, key).flatMap((row) =>
      row.kind === 'address' && row.until !== row.from ? [`${row.value} ${statusAt(row, at)}`] : []
    )
  )
  for (const line of ['10.20.1.5 retiring', '10.20.9.0/28 planned', '46.51.174.180 retiring', '79.125.18.99 planned'])
    t.ok(statuses.includes(line), line)
})

t.test('each row says where it comes from, which role it plays, and where the product is', async (t) => {
  const document = mergedOf(leeds)
  const source = ['10.30.0.8', 'fd00:30::8']
  t.match(rowsOf(document, 'syslog')[0], {
    kind: 'address',
    role: 'syslog-server',
    origin: { kind: 'binding', ref: 'syslog-server', revision: 3 },
    source
  })
  const added = rowsOf(document, 'kaspersky-av-updates').find(
    (row) => row.kind !== 'any' && row.value === '203.0.113.9'
  )
  t.strictSame(added?.origin, { kind: 'overlay', ref: 'case-771', revision: 3 })
  const extended = rowsOf(document, 'product-os-updates').find(
    (row) => row.kind !== 'any' && row.value === '46.51.174.180'
  )
  t.strictSame(extended?.origin, { kind: 'overlay', ref: 'late-repo', revision: 3 })
  t.strictSame(rowsOf(document, 'ntp-server')[0]?.origin, { kind: 'catalogue', ref: gatewayId, revision: 2 })
  t.ok(document.requirements.every(({ catalogue }) => catalogue === gatewayId))
  t.ok(document.requirements.flatMap(({ endpoints }) => endpoints).every((row) => row.source?.length === 2))
})

t.test('the site takes what it does not leave out, and whose condition it does not deny', async (t) => {
  const keys = (text: string) => mergedOf(text).requirements.map(({ key }) => key)
  t.notOk(keys(leeds).includes('rss-feed'))
  t.notOk(keys(leeds).includes('kaspersky-ksn-lookup'))
  t.ok(keys(leeds).includes('sophos-av-updates'), 'nobody has decided')
  const only = leeds.replace('without: [rss-feed]', 'requirements: [syslog, snmp-alerts]')
  t.strictSame(keys(only), ['snmp-alerts', 'syslog'])
})

t.test('the most specific binding alone counts, whatever the clock says', async (t) => {
  t.strictSame(lines(mergedOf(leeds), 'directory-access'), ['10.20.3.9 - -'])
  t.strictSame(lines(mergedOf(leeds), 'pmm-directory-auth-udp'), ['10.20.3.1 - -', '10.20.3.2 - -'])
  const ended = withBinding(`{role: snmp-manager, ${about}, values: [{value: 10.20.7.9, until: 2020-01-01}]}`)
  t.strictSame(lines(mergedOf(ended), 'snmp-alerts'), ['10.20.7.9 - 2020-01-01T00:00:00Z'], 'no fall-back')
  const requirement = withBinding('{role: snmp-manager, requirement: snmp-alerts, values: [10.20.7.8]}').replace(
    'overlays:',
    `  - {role: snmp-manager, ${about}, values: [10.20.7.9]}\noverlays:`
  )
  t.strictSame(lines(mergedOf(requirement), 'snmp-alerts'), ['10.20.7.8 - -'], 'a requirement goes before a catalogue')
})

t.test('bindings of one level are united, and nothing is a binding too', async (t) => {
  const both = withBinding('{role: snmp-manager, values: [10.20.7.1, {value: 10.20.7.2, until: 2027-02-01}]}').replace(
    'overlays:',
    '  - {role: snmp-manager, values: [{value: 10.20.7.2, from: 2027-02-01}]}\noverlays:'
  )
  t.strictSame(lines(mergedOf(both), 'snmp-alerts'), ['10.20.7.1 - -', '10.20.7.2 - -'])
  const nothing = withBinding('{role: snmp-manager, requirement: snmp-alerts, values: []}')
  t.strictSame(lines(mergedOf(nothing), 'snmp-alerts'), [])
  const unbound = leeds.replace('  - {role: snmp-manager, values: [10.20.7.1]}\n', '')
  t.strictSame(lines(mergedOf(unbound), 'snmp-alerts'), ['snmp-manager - -'], 'an unbound role stays')
})

t.test('an extension never shortens, and what is added joins what is there', async (t) => {
  const extended = withOverlay(
    `{id: early, action: extend, ${about}, requirement: syslog, endpoint: {kind: role, value: syslog-server}, until: 2027-05-01, reason: x}`
  )
  t.strictSame(lines(mergedOf(extended), 'syslog'), lines(mergedOf(leedsText), 'syslog'))
  const added = withOverlay(
    `{id: more, action: add, ${about}, requirement: syslog, endpoint: {kind: address, value: 10.20.9.0/28}, until: 2027-03-15, reason: x}`
  )
  const rows = rowsOf(mergedOf(added), 'syslog').filter((row) => row.kind === 'address' && row.value === '10.20.9.0/28')
  t.match(rows, [{ until: '2027-06-01T00:00:00Z', origin: { kind: 'binding' } }])
  t.equal(rows[0]?.from, undefined)
  const suppressed = withOverlay(
    `{id: off, action: suppress, ${about}, requirement: syslog, endpoint: {kind: role, value: syslog-server}, until: 2027-04-01, reason: x}`
  )
  t.strictSame(lines(mergedOf(suppressed), 'syslog'), ['10.20.9.0/28 2027-03-31T23:00:00Z 2027-06-01T00:00:00Z'])
})

t.test('a former key carries bindings, overlays, omissions and conditions along', async (t) => {
  const before = gateway()
  const renamed: Document = {
    ...before,
    requirements: before.requirements.map((each) => ({
      ...each,
      key: `${each.key}-2`,
      previousKeys: [each.key]
    }))
  }
  const plain = (document: MergedDocument) =>
    document.requirements.map(({ previousKeys: _, key, ...rest }) => ({ ...rest, key: key.replace(/-2$/, '') }))
  t.strictSame(plain(mergedOf(leeds, renamed)), plain(mergedOf(leeds)))
})

t.test(
  'the rows are cut where the addresses of the product change, and there are none while it has none',
  async (t) => {
    const moved = leedsText.replace(
      'values: [10.30.0.8, "fd00:30::8"]',
      'values: [{value: 10.30.0.8, until: 2027-02-01}, {value: 10.30.0.7, from: 2027-02-01, until: 2027-05-01}]'
    )
    const rows = rowsOf(mergedOf(moved), 'snmp-alerts').map(({ from = '-', until = '-', source }) => [
      from,
      until,
      source
    ])
    t.strictSame(rows, [
      ['-', '2027-02-01T00:00:00Z', ['10.30.0.8']],
      ['2027-02-01T00:00:00Z', '2027-04-30T23:00:00Z', ['10.30.0.7']]
    ])
    const without = leedsText.replace(/ {2}- \{role: self.*\n/, '')
    t.equal(rowsOf(mergedOf(without), 'snmp-alerts')[0]?.source, undefined)
  }
)

t.test('the component that a requirement is about goes before self', async (t) => {
  const document = gateway()
  const withAgent: Document = {
    ...document,
    components: [{ key: 'agent', title: 'Agent' }],
    requirements: document.requirements.map((each) => (each.key === 'syslog' ? { ...each, component: 'agent' } : each))
  }
  const merged = mergedOf(withBinding('{component: agent, values: [10.40.0.1]}'), withAgent)
  t.strictSame(rowsOf(merged, 'syslog')[0]?.source, ['10.40.0.1'])
  t.strictSame(rowsOf(merged, 'snmp-alerts')[0]?.source, ['10.30.0.8', 'fd00:30::8'])
})

t.test('variables fill names, each value a row, and several variables each with each', async (t) => {
  const document = gateway()
  const first = document.requirements[0]
  if (!first) throw new Error('the gateway has requirements')
  const variables = ['tenant', 'region'].map((key) => ({ key, title: key }))
  const endpoints = [
    { kind: 'pattern', value: '<tenant>-<region>.example.com' },
    { kind: 'pattern', value: '*.<tenant>.example.com' }
  ] as const
  const changed: Document = { ...document, variables, requirements: [{ ...first, key: 'syslog', endpoints }] }
  const catalogues = `catalogues: [{id: ${gatewayId}}]`
  const site = (bindings: string) =>
    `id: leeds\ntitle: Leeds\n${catalogues}\nbindings:\n  - {variable: tenant, values: [acme, emca]}${bindings}\n`
  t.strictSame(lines(mergedOf(site(''), changed), 'syslog'), [
    '*.acme.example.com - -',
    '*.emca.example.com - -',
    'acme-<region>.example.com - -',
    'emca-<region>.example.com - -'
  ])
  t.strictSame(lines(mergedOf(site('\n  - {variable: region, values: [eu]}'), changed), 'syslog'), [
    '*.acme.example.com - -',
    '*.emca.example.com - -',
    'acme-eu.example.com - -',
    'emca-eu.example.com - -'
  ])
})

t.test('a catalogue without a revision at that time is left out', async (t) => {
  const site = siteOf(leedsText)
  t.strictSame(mergeSite({ site, revision: 3, parts: new Map() }).document.requirements, [])
})
