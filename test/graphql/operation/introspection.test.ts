import t from 'tap'
import { startApp } from '../../support/app.ts'

const questions = ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }', '{ _service { sdl } }']

t.test('the schema is told, also to those who need no key', async (t) => {
  const { request } = await startApp(t, { isSeeded: false })
  for (const query of questions) {
    const answer = await request({ method: 'POST', url: '/graphql', payload: { query } })
    t.notOk(answer.json().errors, query)
  }
})

t.test('where introspection is off, the schema is told neither whole nor bit by bit', async (t) => {
  const { request } = await startApp(t, { isSeeded: false, graphql: { allowsIntrospection: false } })
  const ask = async (query: string, variables = {}) =>
    (await request({ method: 'POST', url: '/graphql', payload: { query, variables } })).json()
  for (const query of questions) {
    const { data, errors } = await ask(query)
    t.equal(data, undefined, query)
    t.equal(errors[0].extensions.code, 'graphql_validation_failed')
  }
  const [error] = (await ask('{ formats { nam } }')).errors
  t.equal(error.message, 'Cannot query field "nam" on type "ExportFormat".', 'and no name that is close')
  t.strictSame(error.locations, [{ line: 1, column: 13 }])
  const filtered =
    'query ($kinds: [EndpointKind!]!) { catalogues { nodes { endpoints(filter: { kind: { in: $kinds } }) { totalCount } } } }'
  const [fault] = (await ask(filtered, { kinds: ['hos'] })).errors
  t.equal(fault.extensions.code, 'invalid_variables')
  t.notMatch(fault.message, 'host', 'nor a value of an enum that is close')
  t.strictSame((await ask('{ formats { __typename } }')).data.formats[0], { __typename: 'ExportFormat' })
})
