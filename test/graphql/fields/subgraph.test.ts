import t from 'tap'
import { clearswift, startApp } from '../../support/app.ts'

const service = '{ _service { sdl } }'
const entities = `query Entities($of: [_Any!]!) {
  _entities(representations: $of) { __typename ... on Catalogue { title } ... on Requirement { key } ... on Revision { number } }
}`

t.test('a router asks for the schema, in which every node is an entity', async (t) => {
  const { request } = await startApp(t)
  const answer = await request({ method: 'POST', url: '/graphql', payload: { query: service } })
  const { sdl } = answer.json().data._service
  t.match(sdl, /^schema @link\(url: "https:\/\/specs\.apollo\.dev\/federation\/v2/m)
  for (const type of ['Catalogue', 'Requirement', 'Endpoint', 'Revision', 'WebhookSubscription'])
    t.match(sdl, `type ${type} implements Node @key(fields: "id") {`)
  t.notMatch(sdl, '_entities', 'a router adds them')
})

t.test('a router asks for the objects of keys, in their order; one of another type is none', async (t) => {
  const { request } = await startApp(t)
  const ask = async (of: readonly unknown[]) => {
    const payload = { query: entities, variables: { of } }
    return (await request({ method: 'POST', url: '/graphql', payload })).json()
  }
  const { data } = await ask([
    { __typename: 'Revision', id: `${clearswift}@1` },
    { __typename: 'Catalogue', id: clearswift },
    { __typename: 'Requirement', id: clearswift },
    { __typename: 'Catalogue', id: 'none' }
  ])
  const [revision, catalogue, ...others] = data._entities
  t.strictSame(revision, { __typename: 'Revision', number: 1 })
  t.match(catalogue, { __typename: 'Catalogue', title: String })
  t.strictSame(others, [null, null])
  t.equal((await ask([{ id: clearswift }])).errors[0].extensions.code, 'invalid_parameter')
  t.equal((await ask([null])).errors[0].extensions.code, 'invalid_variables')
})
