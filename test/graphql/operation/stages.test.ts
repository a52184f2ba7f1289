import t from 'tap'
import { limits } from '../../../src/graphql/operation/limits.ts'
import { startApp } from '../../support/app.ts'
import { asking } from '../support/ask.ts'

const typed = 'query ($types: [EventType!]) { events(types: $types, first: 1) { nodes { seq } } }'

t.test('an error has the code of the stage at which it came up', async (t) => {
  const ask = asking(await startApp(t))
  const codes: readonly (readonly [string, string, object?])[] = [
    ['graphql_parse_failed', '{ catalogue('],
    ['graphql_parse_failed', '{ title "'],
    ['graphql_parse_failed', ''],
    ['too_complex', `{ ${'a '.repeat(limits.tokens)}}`],
    ['too_complex', `{ ${'a '.repeat(limits.tokens)}`],
    ['graphql_validation_failed', '{ nothing }'],
    [
      'graphql_validation_failed',
      '{ nothing(text: "Syntax Error: Document contains more that 1500 tokens. Parsing aborted.") }'
    ],
    ['graphql_validation_failed', '{ events(types: ["nonsense"]) { totalCount } }'],
    ['unknown_operation', 'query A { __typename } query B { __typename }'],
    ['invalid_variables', typed, { types: ['nonsense'] }],
    ['invalid_variables', typed, { types: { no: 'list' } }],
    ['not_found', '{ catalogue(id: "none") { title } }']
  ]
  for (const [code, query, variables] of codes) {
    const { errors } = await ask(query, variables)
    t.equal(errors[0]?.extensions.code, code, query.slice(0, 80))
  }
})

t.test('variables are judged each time, also where the operation was compiled and its cost is known', async (t) => {
  const ask = asking(await startApp(t))
  for (let time = 0; time < 7; time += 1) {
    t.strictSame((await ask(typed, { types: ['catalogue.created'], time })).errors, [])
    const { data, errors } = await ask(typed, { types: ['nonsense'], time })
    t.equal(data, undefined)
    t.match(errors, [{ extensions: { code: 'invalid_variables' } }], `after ${time + 1}`)
  }
})

t.test('all variables that do not fit are told', async (t) => {
  const ask = asking(await startApp(t))
  const { errors } = await ask(
    'query ($a: Int!, $b: Int!) { catalogues(first: $a) { totalCount } events(first: $b) { totalCount } }',
    { a: 'x' }
  )
  t.match(
    errors.map(({ extensions, message }) => [extensions.code, message]),
    [
      ['invalid_variables', /\$a/],
      ['invalid_variables', /\$b/]
    ]
  )
})
