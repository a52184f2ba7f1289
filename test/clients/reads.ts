import { strict as assert } from 'node:assert'
import createClient from 'openapi-fetch'
import type { components, paths } from './generated/openapi-typescript/api.d.ts'

type ErrorCode = components['schemas']['Problem']['code']
type Status = components['schemas']['Endpoint']['status']

const baseUrl = process.env.PORTOLAN_URL
assert(baseUrl !== undefined, 'PORTOLAN_URL says where the service is')
const client = createClient<paths>({ baseUrl })
const path = { id: 'clearswift-exchange-gateway-4.8' }

const passed = (what: string) => process.stdout.write(`ok   openapi-fetch: ${what}\n`)

// Every expectation is typed by the document: a name or word that it does not have would not compile.
const october = { asOf: 'label:2.3', effectiveAt: '2018-11-01T00:00:00Z' }
const view = await client.GET('/v1/catalogues/{id}', {
  params: { path, query: { ...october, requirement: ['kaspersky-av-updates'], kind: ['address'], status: ['retiring'] } }
})
const retiring: Status = 'retiring'
const [requirement] = view.data?.requirements ?? []
assert.equal(view.data?.revision.number, 2)
assert.equal(view.data.validUntil, '2018-11-22T00:00:00Z')
assert.equal(requirement?.endpoints.length, 6)
for (const endpoint of requirement.endpoints) {
  assert.equal(endpoint.kind, 'address')
  assert.equal(endpoint.status, retiring)
  assert.equal(endpoint.until, '2018-11-22T00:00:00Z')
}
passed('a view, with repeated and typed filters')

const { response } = await client.GET('/v1/catalogues/{id}/document', { params: { path, query: { asOf: '1' } } })
const etag = response.headers.get('etag')
assert(etag)
const again = await client.GET('/v1/catalogues/{id}/document', {
  params: { path, query: { asOf: '1' }, header: { 'If-None-Match': etag } }
})
assert.equal(again.response.status, 304)
assert.equal(again.data, undefined)
passed('a document that the client has already: 304')

const rows = await client.GET('/v1/catalogues/{id}/endpoints', {
  params: { path, query: { requirement: ['rss-feed'], format: 'csv' } },
  parseAs: 'text'
})
assert.match(String(rows.data), /^requirement,/)
passed('rows as CSV')

const audit = await client.POST('/v1/catalogues/{id}/audit', {
  params: { path },
  body: { entries: ['184.72.245.1', { value: '192.0.2.10', port: 'tcp/80' }] }
})
assert.deepEqual(audit.data?.retired.map(({ value }) => value), ['184.72.245.1'])
assert.deepEqual(audit.data.unknown.map(({ value, port }) => [value, port]), [['192.0.2.10', 'tcp/80']])
passed('an audit')

const early = await client.GET('/v1/catalogues/{id}', { params: { path, query: { asOf: '2017-01-01T00:00:00Z' } } })
const outOfRange: ErrorCode = 'time_out_of_range'
assert.equal(early.data, undefined)
assert.equal(early.error?.code, outOfRange)
assert.equal(early.error.status, 422)
passed('an error with a typed code')

const refused = await client.PUT('/v1/catalogues/{id}/document', {
  params: { path, header: { 'If-None-Match': '*' } },
  body: {
    id: path.id,
    title: 'Ports and Protocols',
    vendor: 'Clearswift',
    product: 'SECURE Exchange Gateway',
    version: '4.8',
    edition: { label: '2.4', summary: 'Without a key' },
    requirements: []
  }
})
assert.equal(refused.response.status, 401)
assert.equal(refused.error?.code, 'unauthorized' satisfies ErrorCode)
passed('a publish without a key')
