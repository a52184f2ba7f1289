import t from 'tap'
import { readJsonFeed } from '../../../src/domain/feed/json-adapter.ts'
import { day, see } from './support/lists.ts'
import { sourceOf } from './support/sources.ts'

const read = (mapped: unknown, content = '{}') => readJsonFeed(sourceOf(content, 'list.json'), { map: () => mapped })

t.test('what the map says of a list is taken, and what it does not say is marked as inferred', async (t) => {
  const imported = await read({
    token: 48,
    time: '2026-02-01T00:00:00Z',
    requirements: [
      { key: 'a', title: 'A', endpoints: ['185.155.104.24/32', '185.155.104.24/32', 'www.example.net'] },
      {
        key: 'b',
        title: 'B',
        scope: 'external',
        direction: 'outbound',
        necessity: 'required',
        services: [{ transport: 'tcp', ports: [80] }],
        endpoints: { kind: 'host', value: 'b.example.net' }
      }
    ]
  })
  t.match(imported, { token: '48', time: Date.parse('2026-02-01T00:00:00Z'), refused: [] })
  const seen = see({}, { at: day(0), imported })
  t.match(seen.kind === 'changed' && seen.document.requirements, [
    {
      scope: 'external',
      direction: 'both',
      necessity: 'optional',
      services: [{ transport: 'any' }],
      inferred: ['direction', 'necessity', 'ports', 'scope', 'transport'],
      endpoints: [
        { kind: 'host', value: 'www.example.net' },
        { kind: 'address', value: '185.155.104.24' }
      ]
    },
    { necessity: 'required', inferred: undefined, endpoints: [{ kind: 'host', value: 'b.example.net' }] }
  ])
})

t.test('values that cannot be taken are refused, each at its place', async (t) => {
  const { refused } = await read({
    requirements: [{ key: 'a', title: 'A', endpoints: ['185.155.104.1/24', 'www.example.net:443'] }, 'b']
  })
  t.match(
    refused.map(({ pointer }) => pointer),
    ['/requirements/0/endpoints/0', '/requirements/0/endpoints/1', '/requirements/1']
  )
})

t.test('a map that makes no list of requirements is refused, and so is what is no JSON', async (t) => {
  await t.rejects(read({ rows: [] }), { code: 'invalid_source', message: /no list of requirements/ })
  await t.rejects(read({ requirements: [], rows: [] }), {
    message: /other fields than token, time and requirements: rows/
  })
  await t.rejects(read({ requirements: [] }), { message: /mapped to no requirement/ })
  await t.rejects(read({ requirements: [{}], time: '2026-02-01' }), { message: /a time that is a bare date/ })
  await t.rejects(read({ requirements: [{}], token: {} }), { message: /a token that is neither/ })
  await t.rejects(read({}, '<html><title>502 Bad Gateway</title>'), { message: /502 Bad Gateway/ })
  await t.rejects(read({}, '{"a": '), { message: /list\.json / })
})
