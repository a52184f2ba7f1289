import t from 'tap'
import { canonicalJson } from '../../../src/domain/json/canonical-json.ts'
import { namesIn } from '../../../src/domain/site/known-names.ts'
import { catalogueIdsIn, parseSite } from '../../../src/domain/site/parse-site.ts'
import { gateway, gatewayId, leedsText, publishedAt, readYaml, siteFaults, siteOf } from './support/leeds.ts'

/** The site with another line, or with lines more. */
const changed = (before: string, after: string) => leedsText.replace(before, after)
const bound = (binding: string) => changed('overlays:', `  - ${binding}\noverlays:`)
const overlaid = (overlay: string) => changed('unbound:', `  - ${overlay}\nunbound:`)
const about = `catalogue: ${gatewayId}`

t.test('a site is read into canonical form: bare dates in its zone, values as objects, sets in order', async (t) => {
  const site = siteOf(leedsText)
  t.equal(site.timeZone, 'Europe/London')
  t.equal(site.unbound, 'omit')
  t.strictSame(
    site.overlays.map(({ id, until }) => [id, until]),
    [
      ['case-771', '2027-01-15T00:00:00Z'],
      ['late-repo', '2027-02-20T00:00:00Z'],
      ['no-help', '2027-03-31T23:00:00Z']
    ],
    'after the clocks went forward, midnight in London is 23:00 UTC of the day before'
  )
  t.strictSame(
    site.bindings.find(({ role }) => role === 'syslog-server'),
    {
      role: 'syslog-server',
      values: [
        { value: '10.20.1.5', until: '2027-03-01T00:00:00Z' },
        { value: '10.20.9.0/28', from: '2027-03-01T00:00:00Z' }
      ]
    }
  )
  t.strictSame(catalogueIdsIn(readYaml(leedsText)), [gatewayId])
})

t.test('the order in which sets are written makes no difference', async (t) => {
  const input = readYaml(leedsText) as Record<string, unknown[]>
  const turned = {
    ...input,
    bindings: (input.bindings ?? [])
      .map((binding) => {
        const { values } = binding as { readonly values: readonly unknown[] }
        return { ...(binding as object), values: [...values].reverse() }
      })
      .reverse(),
    overlays: [...(input.overlays ?? [])].reverse()
  }
  const catalogues = new Map([[gatewayId, { current: namesIn([gateway()]) }]])
  const read = parseSite(turned, { catalogues, catalogueIds: [gatewayId], publishedAt })
  t.equal('site' in read && canonicalJson(read.site), canonicalJson(siteOf(leedsText)))
})

const oneFault: readonly (readonly [what: string, text: string, code: string, pointer: string, detail: RegExp])[] = [
  [
    'an unknown catalogue',
    changed(`- id: ${gatewayId}`, '- id: veeam-bakcup'),
    'unknown_catalogue',
    '/catalogues/0/id',
    /nearest: `veeam-backup`$/
  ],
  [
    'an unknown role',
    bound('{role: syslog-sever, values: [10.0.0.1]}'),
    'unknown_role',
    '/bindings/10/role',
    /^no role `syslog-sever` here; nearest: `syslog-server`$/
  ],
  [
    'an unknown component',
    bound('{component: agent, values: [10.0.0.1]}'),
    'unknown_component',
    '/bindings/10/component',
    /^no component `agent` here$/
  ],
  [
    'an unknown variable',
    bound('{variable: tenant, values: [x]}'),
    'unknown_variable',
    '/bindings/10/variable',
    /^no variable `tenant` here$/
  ],
  [
    'a requirement of a binding',
    bound('{role: self, requirement: sysloq, values: []}'),
    'unknown_requirement',
    '/bindings/10/requirement',
    /`syslog`/
  ],
  [
    'a catalogue of a binding',
    bound('{role: self, catalogue: other, values: []}'),
    'unknown_catalogue',
    '/bindings/10/catalogue',
    /`clearswift/
  ],
  [
    'a requirement that is left out',
    changed('rss-feed', 'rss-feeds'),
    'unknown_requirement',
    '/catalogues/0/without/0',
    /`rss-feed`/
  ],
  [
    'a condition of what is required',
    changed('kaspersky-av-updates: true', 'syslog: true'),
    'condition_not_allowed',
    '/catalogues/0/conditions/syslog',
    /without/
  ],
  [
    'requirements and without',
    changed('without:', 'requirements: [syslog]\n    without:'),
    'one_of',
    '/catalogues/0',
    /has requirements and without/
  ],
  [
    'no requirements at all',
    changed('without: [rss-feed]', 'requirements: []'),
    'too_few_items',
    '/catalogues/0/requirements',
    /empty/
  ],
  ['two targets', bound('{role: self, component: agent, values: []}'), 'one_of', '/bindings/10', /role and component/],
  ['no target', bound('{values: []}'), 'one_of', '/bindings/10', /has none/],
  ['no values', bound('{role: self}'), 'required', '/bindings/10/values', /values: \[\]/],
  [
    'host bits',
    bound('{role: self, values: [10.0.0.1/24]}'),
    'invalid_address',
    '/bindings/10/values/0',
    /10\.0\.0\.0\/24/
  ],
  ['octal digits', bound('{role: self, values: [010.0.0.1]}'), 'invalid_address', '/bindings/10/values/0', /zero/],
  ['a bad name', bound('{role: self, values: [a b]}'), 'invalid_host', '/bindings/10/values/0', /space/],
  [
    'a value twice at one time',
    bound('{role: self, values: [10.0.0.1, {value: 10.0.0.1, from: 2027-01-01}]}'),
    'overlapping_lifetimes',
    '/bindings/10/values/1',
    /values\/0/
  ],
  [
    'an end before its beginning',
    bound('{role: self, values: [{value: 10.0.0.1, from: 2027-02-01, until: 2027-01-01}]}'),
    'until_not_after_from',
    '/bindings/10/values/0/until',
    /after/
  ],
  [
    'an id twice',
    overlaid(`{id: no-help, action: suppress, ${about}, requirement: dns, until: 2027-01-01, reason: x}`),
    'duplicate_key',
    '/overlays/3/id',
    /twice/
  ],
  [
    'an overlay of more than 400 days',
    overlaid(`{id: x, action: suppress, ${about}, requirement: dns, until: 2028-01-03, reason: x}`),
    'out_of_range',
    '/overlays/3/until',
    /2028-01-02T00:00:00Z is the latest/
  ],
  [
    'an overlay without a reason',
    overlaid(`{id: x, action: suppress, ${about}, requirement: dns, until: 2027-01-03}`),
    'required',
    '/overlays/3/reason',
    /reason/
  ],
  [
    'an overlay without an end',
    overlaid(`{id: x, action: suppress, ${about}, requirement: dns, reason: x}`),
    'required',
    '/overlays/3/until',
    /until/
  ],
  [
    'nothing to add',
    overlaid(`{id: x, action: add, ${about}, requirement: dns, until: 2027-01-03, reason: x}`),
    'required',
    '/overlays/3/endpoint',
    /add/
  ],
  [
    'a role that is added',
    overlaid(
      `{id: x, action: add, ${about}, requirement: dns, endpoint: {kind: role, value: x}, until: 2027-01-03, reason: x}`
    ),
    'not_one_of',
    '/overlays/3/endpoint/kind',
    /no role/
  ],
  [
    'an endpoint that never was',
    overlaid(
      `{id: x, action: suppress, ${about}, requirement: product-os-updates, endpoint: {kind: address, value: 46.51.174.181}, until: 2027-01-03, reason: x}`
    ),
    'unknown_endpoint',
    '/overlays/3/endpoint',
    /nearest: `46\.51\.174\.180`/
  ],
  [
    'an end that nothing announces',
    overlaid(
      `{id: x, action: extend, ${about}, requirement: appliance-online-help, endpoint: {kind: address, value: 79.125.18.99}, until: 2027-01-03, reason: x}`
    ),
    'no_end',
    '/overlays/3/endpoint',
    /no end/
  ],
  ['another id', changed('id: leeds', 'id: york'), 'id_mismatch', '/id', /leeds/],
  ['an unknown zone', changed('Europe/London', 'Europe/Leeds'), 'unknown_time_zone', '/timeZone', /IANA/],
  ['an unknown field', changed('title: Leeds', 'title: Leeds\nbinding: []'), 'unknown_field', '/binding', /"bindings"/]
]

t.test('each fault has its code, its pointer, its line, and says what is meant', async (t) => {
  for (const [what, text, code, pointer, detail] of oneFault) {
    const faults = siteFaults(text)
    t.ok(
      faults.some((fault) => fault.code === code && fault.pointer === pointer && detail.test(fault.detail)),
      `${what}: ${JSON.stringify(faults)}`
    )
    t.ok(
      faults.every(({ line }) => line !== undefined),
      what
    )
  }
})

t.test('all faults come at once', async (t) => {
  const text = bound('{role: nobody, values: [10.0.0.1/24, "x y"]}').replace('title: Leeds', 'title: ""')
  t.strictSame(
    siteFaults(text)
      .map(({ code }) => code)
      .sort(),
    ['empty', 'invalid_address', 'invalid_host', 'unknown_role']
  )
})

t.test('an overlay that has ended may stay, and a role may be bound to nothing', async (t) => {
  const ended = overlaid(`{id: old, action: suppress, ${about}, requirement: dns, until: 2020-01-01, reason: x}`)
  t.strictSame(siteFaults(ended), [])
  t.strictSame(siteOf(bound('{role: snmp-manager, requirement: snmp-alerts, values: []}')).bindings.length, 11)
})

t.test('a name that a former revision had is accepted', async (t) => {
  const document = gateway()
  const later = { ...document, requirements: document.requirements.filter(({ key }) => key !== 'syslog') }
  const known = { current: namesIn([later]), ever: namesIn([later, document]) }
  const context = { catalogueIds: [gatewayId], publishedAt }
  const input = readYaml(leedsText)
  t.match(parseSite(input, { ...context, catalogues: new Map([[gatewayId, { current: known.current }]]) }), {
    faults: [{ code: 'unknown_role' }]
  })
  t.hasProp(parseSite(input, { ...context, catalogues: new Map([[gatewayId, known]]) }), 'site')
})

t.test('a value of a variable fits its expression, and makes names', async (t) => {
  const document = gateway()
  const first = document.requirements[0]
  if (!first) throw new Error('the gateway has requirements')
  const known = namesIn([
    {
      ...document,
      variables: [{ key: 'tenant', title: 'Tenant', pattern: '[a-z0-9-]+' }],
      requirements: [{ ...first, endpoints: [{ kind: 'pattern', value: '<tenant>.example.com' }] }]
    }
  ])
  const codesFor = (value: string) => {
    const input = {
      id: 'leeds',
      title: 'Leeds',
      catalogues: [{ id: gatewayId }],
      bindings: [{ variable: 'tenant', values: [value] }]
    }
    const read = parseSite(input, {
      catalogues: new Map([[gatewayId, { current: known }]]),
      catalogueIds: [],
      publishedAt
    })
    return 'faults' in read ? read.faults.map(({ code }) => code) : []
  }
  t.strictSame(codesFor('Acme'), [])
  t.strictSame(codesFor('ac_me'), ['wrong_format'])
  t.strictSame(codesFor('*'), ['wrong_format'])
  t.strictSame(codesFor('-acme'), ['invalid_host'])
})
