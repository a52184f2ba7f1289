import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import { startApp } from '../../support/app.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'
import { publishAs } from './support/model.ts'

const text = { type: 'string', minLength: 1 }
const short = { type: 'string', maxLength: 200 }
const portolanId = { type: 'object', required: ['portolan_id'], properties: { portolan_id: text } }
const closed = (properties: Readonly<Record<string, object>>, required: readonly string[]) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required
})
const list = (items: object) => ({ type: 'array', items })
const cidr = { type: 'string', pattern: '^[0-9a-f.:]+/\\d{1,3}$' }
const ports = { type: 'array', minItems: 1, items: { type: 'integer', minimum: 1, maximum: 65535 } }
const protocol = { enum: ['tcp', 'udp', 'sctp'] }
const comments = { type: 'string' }
/** A Tag of Diode is made where its name is not known. */
const tags = { type: 'array', minItems: 1, items: closed({ name: { ...text, maxLength: 100 } }, ['name']) }

/** What each tool documents of the bodies that it takes, cut down to what we send. */
const contracts = {
  // REST API of NetBox 4: writable serializers of ipam; their choices of status.
  netbox: {
    'ip-addresses': list(
      closed(
        {
          address: cidr,
          status: { enum: ['active', 'reserved', 'deprecated', 'dhcp', 'slaac'] },
          description: short,
          comments,
          custom_fields: portolanId
        },
        ['address', 'status']
      )
    ),
    prefixes: list(
      closed(
        {
          prefix: cidr,
          status: { enum: ['container', 'active', 'reserved', 'deprecated'] },
          description: short,
          comments,
          custom_fields: portolanId
        },
        ['prefix', 'status']
      )
    ),
    'service-templates': list(
      closed(
        { name: { ...text, maxLength: 100 }, protocol, ports, description: short, comments, custom_fields: portolanId },
        ['name', 'protocol', 'ports']
      )
    )
  },
  // diode/v1/ingester.proto: an Entity is one of its messages, and a custom field says its type.
  diode: {
    entities: list({
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
      properties: Object.fromEntries(
        Object.entries({
          ip_address: [{ address: cidr, status: text, tags }, ['address']],
          prefix: [{ prefix: cidr, status: text, tags }, ['prefix']],
          service_template: [{ name: text, protocol, ports, tags }, ['name', 'protocol', 'ports']]
        } as const).map(([name, [properties, required]]) => [
          name,
          closed(
            {
              ...properties,
              description: short,
              comments,
              custom_fields: closed({ portolan_id: closed({ text }, ['text']) }, ['portolan_id'])
            },
            required
          )
        ])
      )
    })
  },
  // DiffSync: identifiers and attributes are scalars, and every record of a model has the same.
  diffsync: Object.fromEntries(
    ['catalogue', 'requirement', 'endpoint'].map((name) => [
      name,
      list(
        closed(
          {
            identifiers: { type: 'object', minProperties: 1, additionalProperties: text },
            attributes: { type: 'object', additionalProperties: { type: ['string', 'integer', 'null'] } }
          },
          ['identifiers', 'attributes']
        )
      )
    ])
  ),
  // The Identification and Reconciliation API: items and relations by the index of their items.
  servicenow: {
    payloads: list(
      closed(
        {
          items: {
            type: 'array',
            maxItems: 1000,
            items: closed(
              {
                className: { type: 'string', pattern: '^cmdb_ci_[a-z_]+$' },
                values: {
                  type: 'object',
                  required: ['name', 'operational_status'],
                  additionalProperties: { type: 'string' }
                },
                sys_object_source_info: closed(
                  {
                    source_name: text,
                    source_native_key: text,
                    source_feed: text,
                    source_recency_timestamp: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d$' }
                  },
                  ['source_name', 'source_native_key']
                )
              },
              ['className', 'values', 'sys_object_source_info']
            )
          },
          relations: list(
            closed({ parent: { type: 'integer' }, child: { type: 'integer' }, type: text }, ['parent', 'child', 'type'])
          )
        },
        ['items', 'relations']
      )
    )
  }
} as const

/** A catalogue with all that the first one does not have: parts, tags of endpoints, patterns, URLs, and protocols without ports. */
const wide = documentInput({
  components: [
    { key: 'agent', title: 'The agent' },
    { key: 'server', title: 'The server' }
  ],
  variables: [{ key: 'tenant', title: 'Your tenant' }],
  requirements: [
    requirementInput({
      key: 'tunnel',
      necessity: 'optional',
      condition: 'Where sites are joined',
      component: 'server',
      tags: ['vpn'],
      services: [{ transport: 'esp' }, { transport: 'ip/97' }, { transport: 'udp', ports: [500] }],
      endpoints: [
        { kind: 'address', value: '203.0.114.7', tags: ['us', 'eu'], remarks: 'The nearest' },
        { kind: 'pattern', value: '*cdn.example.net', tags: ['eu'] },
        { kind: 'pattern', value: '<tenant>.example.net' },
        { kind: 'url', value: 'storage.example.net/release/' }
      ]
    }),
    requirementInput({
      key: 'bare',
      component: 'agent',
      services: [{ transport: 'esp' }],
      endpoints: [{ kind: 'address', value: '203.0.114.7', tags: ['ap'] }]
    })
  ]
})

t.test('every shape is what its tool documents', async (t) => {
  const ajv = new Ajv2020({ strict: false })
  const first = await startApp(t, { now: '2018-11-23T00:00:00Z' })
  const second = await startApp(t, { isSeeded: false, now: '2018-11-23T00:00:00Z' })
  await publishAs(second, 'product-1', wide)
  for (const { request } of [first, second])
    for (const [shape, lists] of Object.entries(contracts)) {
      const answer = await request(`/v1/snapshot/catalogues,requirements,endpoints?shape=${shape}&status=all`)
      const { count: _, digest: __, seq: ___, epoch: ____, ...rows } = answer.json()
      t.strictSame(Object.keys(rows).sort(), Object.keys(lists).sort(), shape)
      for (const [name, schema] of Object.entries(lists)) {
        t.ok(ajv.validate(schema, rows[name]), `${shape} ${name} ${ajv.errorsText()}`)
        if (name !== 'prefixes') t.ok(rows[name].length > 0, `${shape} has ${name}`)
      }
    }
})

t.test('parts, tags of endpoints, patterns, URLs and protocols reach each tool as far as it has them', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publishAs(app, 'product-1', wide)
  const read = async (shape: string) =>
    (await app.request(`/v1/snapshot/requirements,endpoints?shape=${shape}&requirement=tunnel`)).json()
  const services = 'udp/500,esp,ip/97'
  const texts = `${services}\n\nPart of the product: server\n\nCondition: Where sites are joined`
  const values = ['*cdn.example.net', '203.0.114.7', '<tenant>.example.net', 'storage.example.net/release/']

  const diffsync = await read('diffsync')
  t.match(diffsync.requirement, [
    { attributes: { component: 'server', condition: 'Where sites are joined', services, tags: 'vpn' } }
  ])
  t.strictSame(
    diffsync.endpoint.map(({ attributes }: Attributed) => [attributes.kind, attributes.value, attributes.tags]).sort(),
    [
      ['address', '203.0.114.7', 'eu,us'],
      ['pattern', '*cdn.example.net', 'eu'],
      ['pattern', '<tenant>.example.net', ''],
      ['url', 'storage.example.net/release/', '']
    ]
  )

  const infrahub = await read('infrahub')
  t.match(infrahub.requirements, [{ component: 'server', servicesText: services, portsText: '500' }])
  t.strictSame(infrahub.endpoints.map(({ value }: { value: string }) => value).sort(), values)
  t.match(
    infrahub.endpoints.find(({ kind }: { kind: string }) => kind === 'address'),
    { tags: 'eu,us' }
  )

  const netbox = await read('netbox')
  t.match(netbox['service-templates'], [{ protocol: 'udp', ports: [500], comments: texts }])
  t.equal(netbox['service-templates'].length, 1, 'NetBox has no protocols without ports')
  t.strictSame(
    netbox['ip-addresses'].map(({ address, comments }: Commented) => [address, comments]),
    [['203.0.114.7/32', 'tunnel of product-1, tags eu us: The nearest']]
  )

  const { entities } = await read('diode')
  t.match(entities, [
    { service_template: { protocol: 'udp', tags: [{ name: 'vpn' }] } },
    { ip_address: { address: '203.0.114.7/32', tags: [{ name: 'eu' }, { name: 'us' }] } }
  ])
  t.equal(entities.length, 2)

  const [{ items }] = (await read('servicenow')).payloads
  t.strictSame(
    items
      .slice(1)
      .map((item: Item) => item.values.name)
      .sort(),
    values
  )
  t.match(items[0].values, { name: 'product-1 tunnel', comments: texts })
  const commentsOf = (value: string) => items.find((item: Item) => item.values.name === value).values.comments
  t.equal(commentsOf('203.0.114.7'), 'The nearest\n\nTags: eu, us')
  t.equal(commentsOf('*cdn.example.net'), 'Tags: eu')
})

t.test('an address in several requirements is one row of NetBox and Diode, with the tags of all', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publishAs(app, 'product-1', wide)
  const read = async (shape: string) => (await app.request(`/v1/snapshot/endpoints?shape=${shape}`)).json()
  t.strictSame(
    (await read('netbox'))['ip-addresses'].map(({ comments }: Commented) => comments),
    ['tunnel of product-1, tags eu us: The nearest\nbare of product-1, tags ap']
  )
  t.match((await read('diode')).entities, [{ ip_address: { tags: [{ name: 'ap' }, { name: 'eu' }, { name: 'us' }] } }])
})

interface Attributed {
  readonly attributes: Readonly<Record<string, string>>
}
interface Commented {
  readonly address: string
  readonly comments: string
}
interface Item {
  readonly values: Readonly<Record<string, string>>
}

t.test('an end reaches a tool that deletes nothing as a status', async (t) => {
  const { request } = await startApp(t, { now: '2018-11-23T00:00:00Z' })
  const read = async (shape: string) => (await request(`/v1/snapshot/endpoints?shape=${shape}&status=all`)).json()
  const old = '184.72.245.1'
  const { 'ip-addresses': list } = await read('netbox')
  t.strictSame(
    list
      .filter(({ address }: { address: string }) => address === `${old}/32`)
      .map(({ status }: { status: string }) => status),
    ['deprecated']
  )
  const [{ items }] = (await read('servicenow')).payloads
  const retired = items.filter(({ values }: { values: { name: string } }) => values.name === old)
  t.strictSame(
    retired.map(({ values }: { values: { operational_status: string } }) => values.operational_status),
    ['6', '6']
  )
})

t.test('an IPAM gets each address once, with the most alive status and all requirements that name it', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2018-11-23T00:00:00Z' })
  const address = (value: string, fields: object = {}) => ({ kind: 'address', value, ...fields })
  const retired = { until: '2018-11-01T00:00:00Z', remarks: 'The old place' }
  for (const [id, key, fields] of [
    ['product-1', 'one', retired],
    ['product-2', 'two', {}]
  ] as const) {
    const endpoints = [address('203.0.114.7', fields), address('203.0.115.0/24', fields)]
    const requirements = [requirementInput({ key, endpoints }), requirementInput({ key: `${key}-b`, endpoints })]
    await publishAs(app, id, documentInput({ id, requirements }))
  }
  const read = async (shape: string) => (await app.request(`/v1/snapshot/endpoints?shape=${shape}&status=all`)).json()
  const expected = {
    address: '203.0.114.7/32',
    status: 'active',
    description:
      'one of product-1, until 2018-11-01T00:00:00Z; one-b of product-1, until 2018-11-01T00:00:00Z; two of product-2; two-b of product-2',
    comments: [
      'one of product-1, until 2018-11-01T00:00:00Z: The old place',
      'one-b of product-1, until 2018-11-01T00:00:00Z: The old place',
      'two of product-2',
      'two-b of product-2'
    ].join('\n')
  }
  const { 'ip-addresses': addresses, prefixes } = await read('netbox')
  t.match(addresses, [expected])
  t.equal(addresses.length, 1)
  t.match(prefixes, [{ prefix: '203.0.115.0/24', status: 'active' }])
  t.equal(prefixes.length, 1)
  const { entities } = await read('diode')
  t.match(entities, [{ ip_address: expected }, { prefix: { prefix: '203.0.115.0/24' } }])
  t.equal(entities.length, 2)
})

t.test('infrahub-sync finds all rows under the last segment of the path, with ids, and no lists', async (t) => {
  const { request } = await startApp(t)
  for (const type of ['catalogues', 'requirements', 'endpoints']) {
    const answer = (await request(`/v1/snapshot/${type}?shape=infrahub`)).json()
    const rows: readonly Record<string, unknown>[] = answer[type]
    t.equal(rows.length, answer.count)
    for (const row of rows) {
      t.type(row.id, 'string')
      for (const [name, value] of Object.entries(row)) {
        t.notOk(Array.isArray(value), `${type} ${name} is no list`)
        if (typeof value === 'object' && value !== null && name !== 'proxy')
          t.ok('id' in value, `${name} is a reference`)
      }
    }
  }
})

t.test('payloads for ServiceNow have at most a thousand items, and each endpoint beside its requirement', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const sizes = [0, 1, 998, 999, 1000, 1500, 3]
  const requirements = sizes.map((size, index) =>
    requirementInput({ key: `r-${index}`, endpoints: addresses(size, index * 10_000) })
  )
  await publishAs(app, 'product-1', documentInput({ requirements }))
  const { payloads } = (await app.request('/v1/snapshot/requirements,endpoints?shape=servicenow')).json()
  const seen = new Map<string, number>()
  let related = 0
  for (const { items, relations } of payloads) {
    t.ok(items.length <= 1000 && items.length > 0)
    for (const item of items) {
      const key = item.sys_object_source_info.source_native_key
      seen.set(key, (seen.get(key) ?? 0) + 1)
    }
    for (const { parent, child } of relations) {
      t.match(items[parent].sys_object_source_info.source_native_key, /^req_/)
      t.match(items[child].sys_object_source_info.source_native_key, /^ep_/)
      t.match(items[child].values.short_description, new RegExp(`of ${items[parent].values.name.split(' ')[1]},`))
      related += 1
    }
  }
  const endpoints = sizes.reduce((sum, size) => sum + size, 0)
  t.equal(related, endpoints)
  t.equal([...seen].filter(([key, count]) => key.startsWith('ep_') && count === 1).length, endpoints)
  t.equal([...seen.keys()].filter((key) => key.startsWith('req_')).length, sizes.length)
})

t.test(
  'a flat snapshot is the baseline of the same types, with its digest, and 304 while nothing happens',
  async (t) => {
    const { request } = await startApp(t)
    const answer = await request('/v1/snapshot/requirements,endpoints?tag=antivirus')
    const { requirements, endpoints, count, digest } = answer.json()
    const delta = (await request('/v1/delta?tag=antivirus&type=requirement&type=endpoint&limit=1000')).json()
    t.strictSame(
      [...requirements, ...endpoints],
      delta.items.map(({ data }: { data: object }) => data)
    )
    t.equal(delta.count, count)
    t.equal(delta.digest, digest)
    const again = { 'if-none-match': String(answer.headers.etag) }
    t.equal(
      (await request({ url: '/v1/snapshot/requirements,endpoints?tag=antivirus', headers: again })).statusCode,
      304
    )
    const packed = await request({ url: '/v1/snapshot/endpoints', headers: { 'accept-encoding': 'gzip' } })
    t.equal(packed.headers['content-encoding'], 'gzip')
    t.equal((await request('/v1/snapshot/endpoint')).statusCode, 404)
    t.equal((await request('/v1/snapshot/endpoints?shape=glpi')).json().code, 'invalid_parameter')
  }
)
