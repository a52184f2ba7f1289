import t from 'tap'
import { readConfig } from '../src/config.ts'

t.test('GraphQL answers everybody everything but a page, unless it is told otherwise', async (t) => {
  const { graphql, trustedDocuments } = readConfig({})
  t.strictSame(graphql, { hasGraphiql: false, allowsIntrospection: true, trustsOnlyDocuments: false })
  t.equal(trustedDocuments, 'schema/documents')
})

t.test('an operator turns the page on, introspection off, and takes trusted documents only', async (t) => {
  const { graphql, trustedDocuments } = readConfig({
    PORTOLAN_GRAPHIQL: 'on',
    PORTOLAN_INTROSPECTION: 'off',
    PORTOLAN_TRUSTED_ONLY: 'on',
    PORTOLAN_TRUSTED_DOCUMENTS: '/etc/portolan/documents'
  })
  t.strictSame(graphql, { hasGraphiql: true, allowsIntrospection: false, trustsOnlyDocuments: true })
  t.equal(trustedDocuments, '/etc/portolan/documents')
})

t.test('without a place there are no trusted documents', async (t) => {
  t.notOk('trustedDocuments' in readConfig({ PORTOLAN_TRUSTED_DOCUMENTS: '' }))
})

t.test('what is neither on nor off is refused by its name', async (t) => {
  for (const name of ['PORTOLAN_GRAPHIQL', 'PORTOLAN_INTROSPECTION', 'PORTOLAN_TRUSTED_ONLY'])
    t.throws(() => readConfig({ [name]: 'perhaps' }), { code: 'invalid_parameter', message: `${name}=perhaps` })
})
