import { gzipSync } from 'node:zlib'
import t from 'tap'
import { startApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'

const url = '/v1/catalogues/product-1/document'
const json = JSON.stringify(documentInput())
const endpoint = (value: unknown) =>
  JSON.stringify(documentInput({ requirements: [requirementInput({ endpoints: [{ kind: 'address', value }] })] }))
const host = (value: unknown) =>
  JSON.stringify(documentInput({ requirements: [requirementInput({ endpoints: [{ kind: 'host', value }] })] }))
const ports = (...list: unknown[]) =>
  JSON.stringify(documentInput({ requirements: [requirementInput({ services: [{ transport: 'tcp', ports: list }] })] }))
const remarks = (text: string) => JSON.stringify(documentInput({ requirements: [requirementInput({ remarks: text })] }))
const value = '/requirements/0/endpoints/0/value'
const port = '/requirements/0/services/0/ports/0'
const yaml = (text: string) => `id: product-1\n${text}`

/** Name, body, status, code, and where a fault must point; JSON unless it says otherwise. */
const table: readonly (readonly [
  name: string,
  body: string | Buffer,
  status: number,
  code: string,
  pointer?: string | undefined,
  type?: string
])[] = [
  ['a leading zero', endpoint('010.0.0.1'), 422, 'invalid_document', value],
  ['a short address', endpoint('10.1'), 422, 'invalid_document', value],
  ['host bits', endpoint('10.0.0.1/24'), 422, 'invalid_document', value],
  ['an IPv4-mapped address', endpoint('::ffff:10.0.0.1'), 422, 'invalid_document', value],
  ['a zone', endpoint('fe80::1%eth0'), 422, 'invalid_document', value],
  ['full-width digits', endpoint('１０.0.0.1'), 422, 'invalid_document', value],
  ['an address with a carriage return', endpoint('20.0.0.1\r'), 422, 'invalid_document', value],
  ['a range', endpoint('20.0.0.1-20.0.0.9'), 422, 'invalid_document', value],
  ['a number as address', endpoint(335544321), 422, 'invalid_document', value],
  ['a star within a label', host('*foo.example'), 422, 'invalid_document', value],
  ['a star in the middle', host('a.*.b.example'), 422, 'invalid_document', value],
  ['a wildcard below a public suffix', host('*.com'), 422, 'invalid_document', value],
  ['a name of 254 characters', host(`${'a'.repeat(60)}.`.repeat(4) + 'a'.repeat(10)), 422, 'invalid_document', value],
  ['an invalid IDN', host('xn--\u0000'), 422, 'invalid_document', value],
  ['a URL as host', host('https://x.example/'), 422, 'invalid_document', value],
  ['an address as host', host('20.0.0.1'), 422, 'invalid_document', value],
  ['port 0', ports(0), 422, 'invalid_document', port],
  ['port 65536', ports(65536), 422, 'invalid_document', port],
  ['a range backwards', ports('80-70'), 422, 'invalid_document', port],
  ['a port twice', ports(80, 80), 422, 'invalid_document'],
  ['ports that overlap', ports('80-90', 85), 422, 'invalid_document'],
  ['a control character', remarks('a\u0007b'), 422, 'invalid_document', '/requirements/0/remarks'],
  ['a right-to-left override', remarks('a\u202eb'), 422, 'invalid_document', '/requirements/0/remarks'],
  ['remarks of 1 MB', remarks('x'.repeat(1_000_000)), 422, 'invalid_document', '/requirements/0/remarks'],
  ['an unknown field', JSON.stringify(documentInput({ colour: 'blue' })), 422, 'invalid_document', '/colour'],
  ['the id of another catalogue', JSON.stringify(documentInput({ id: 'product-2' })), 422, 'invalid_document', '/id'],
  ['a list', '[]', 422, 'invalid_document', ''],
  ['a key twice', '{"id":"product-1","id":"product-2"}', 400, 'malformed_body'],
  ['__proto__', json.replace('"title"', '"__proto__"'), 400, 'malformed_body'],
  [
    'constructor',
    JSON.stringify(documentInput({ constructor: { prototype: {} } })),
    422,
    'invalid_document',
    '/constructor'
  ],
  [
    'invalid UTF-8',
    Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
    400,
    'malformed_body'
  ],
  ['a lone surrogate', json.replace('The first edition', '\\ud800'), 400, 'malformed_body'],
  ['a number without bounds', json.replace('[443]', '[1e999]'), 400, 'malformed_body'],
  ['30,000 nested lists', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 400, 'malformed_body'],
  ['half a document', json.slice(0, -1), 400, 'malformed_body'],
  ['nothing', '', 400, 'malformed_body'],
  ['text', json, 415, 'unsupported_media_type', undefined, 'text/plain'],
  ['a form', 'id=product-1', 415, 'unsupported_media_type', undefined, 'application/x-www-form-urlencoded'],
  ['a YAML alias', yaml('title: &a x\nvendor: *a'), 400, 'malformed_body', undefined, 'application/yaml'],
  ['a YAML tag', yaml('title: !!js/function x'), 400, 'malformed_body', undefined, 'application/yaml'],
  ['a YAML key twice', yaml('title: a\ntitle: b'), 400, 'malformed_body', undefined, 'application/yaml'],
  [
    'a YAML bomb',
    'a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]',
    400,
    'malformed_body',
    undefined,
    'application/yaml'
  ],
  [
    'two YAML documents',
    `${yaml('title: a')}\n---\n${yaml('title: b')}`,
    400,
    'malformed_body',
    undefined,
    'application/yaml'
  ],
  [
    'a label that YAML reads as a number',
    yaml('edition: {label: 2.3, summary: x}'),
    422,
    'invalid_document',
    '/edition/label',
    'application/yaml'
  ],
  ['YAML above 2 MiB', `# ${'x'.repeat(2_100_000)}`, 413, 'body_too_large', undefined, 'application/yaml']
]

t.test('what cannot be published gets a coded answer, stores nothing and harms nobody', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const key = await app.key('catalogue:publish')
  for (const [name, payload, status, code, pointer, type = 'application/json'] of table) {
    const answer = await app.request({
      method: 'PUT',
      url,
      headers: { 'content-type': type, 'if-none-match': '*', ...key },
      payload
    })
    const problem = answer.json()
    t.match([answer.statusCode, problem.code], [status, code], name)
    t.ok(problem.detail.length > 10, `${name} is explained: ${problem.detail}`)
    if (pointer !== undefined)
      t.ok(
        problem.errors.some((fault: { pointer: string }) => fault.pointer === pointer),
        `${name} points at ${pointer}: ${JSON.stringify(problem.errors.slice(0, 3))}`
      )
  }
  const zipped = await app.request({
    method: 'PUT',
    url,
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', 'if-none-match': '*', ...key },
    payload: gzipSync(json)
  })
  t.match([zipped.statusCode, zipped.json().code], [415, 'unsupported_media_type'])
  t.strictSame((await app.request('/v1/catalogues')).json().items, [])
  t.strictSame((await app.request('/v1/events')).json().items, [])
  const fine = await app.request({
    method: 'PUT',
    url,
    headers: { 'content-type': 'application/json', 'if-none-match': '*', ...key },
    payload: json
  })
  t.equal(fine.statusCode, 201, 'the service is unharmed')
})

t.test('every fault is told at once', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const document = documentInput({
    title: '',
    colour: 'blue',
    requirements: [
      requirementInput({
        scope: 'outer',
        services: [{ transport: 'tcp', ports: [0] }],
        endpoints: [
          { kind: 'address', value: '10.0.0.1/8' },
          { kind: 'host', value: '*.com' },
          { kind: 'planet', value: 'x' }
        ]
      }),
      requirementInput({
        endpoints: [
          { kind: 'host', value: 'a.example', from: '2020-01-02', until: '2020-01-01' },
          { kind: 'address', value: '20.0.0.1', serves: ['nobody.example'], replacedBy: ['20.0.0.9'] }
        ]
      }),
      requirementInput({
        endpoints: [
          { kind: 'host', value: 'a.example' },
          { kind: 'host', value: 'A.example.' }
        ]
      })
    ]
  })
  const answer = await app.request({
    method: 'PUT',
    url,
    headers: { 'content-type': 'application/json', 'if-none-match': '*', ...(await app.key('catalogue:publish')) },
    payload: JSON.stringify(document)
  })
  const pointers: string[] = answer.json().errors.map(({ pointer }: { pointer: string }) => pointer)
  for (const wanted of [
    '/title',
    '/colour',
    '/requirements/0/scope',
    '/requirements/0/services/0/ports/0',
    '/requirements/0/endpoints/0/value',
    '/requirements/0/endpoints/1/value',
    '/requirements/0/endpoints/2/kind',
    '/requirements/1/endpoints/0/until',
    '/requirements/1/endpoints/1/serves/0',
    '/requirements/1/endpoints/1/replacedBy/0'
  ]) {
    t.ok(pointers.includes(wanted), `${wanted} is among ${pointers.join(' ')}`)
  }
  t.ok(
    pointers.some((pointer) => pointer.startsWith('/requirements/2/endpoints/1')),
    'the same endpoint twice'
  )
  t.ok(
    pointers.some((pointer) => /^\/requirements\/[12]\/key$/.test(pointer)),
    'the same key twice'
  )
})

t.test('a body of another operation may have 1 MiB', async (t) => {
  const { request, key } = await startApp(t)
  const answer = await request({
    method: 'POST',
    url: '/v1/subscriptions',
    headers: { ...(await key('subscriptions:write')), 'content-type': 'application/json' },
    payload: `{"url":"${'x'.repeat(1_100_000)}"}`
  })
  t.match([answer.statusCode, answer.json().code], [413, 'body_too_large'])
})
