import t from 'tap'
import { clearswift, startApp } from '../../support/app.ts'
import { withFragments } from '../support/fragments.ts'

/** More often than it takes for an operation to be compiled. */
const times = 7

const operations: readonly (readonly [string, object?])[] = [
  [
    withFragments(`{
      catalogue(id: "${clearswift}") {
        ...CatalogueParts
        requirements { nodes { ...RequirementParts endpoints { ...EndpointParts } } }
        rows { nodes { ...RowParts } }
        revisions { nodes { ...RevisionParts } }
        timeline { nodes { ...TimelineParts } }
      }
    }`)
  ],
  [withFragments('{ events { nodes { ...EventParts } } delta(limit: 20) { items { ...EntryParts } } }')],
  [
    withFragments(
      `{ audit(catalogue: "${clearswift}", entries: [{ value: "8.8.8.8", port: "80" }]) { current { ...AuditParts } unknown { ...AuditParts } } }`
    )
  ],
  [
    `query ($at: DateTime) { catalogue(id: "${clearswift}", effectiveAt: $at) { validUntil endpoints(first: 2, filter: { status: { in: [retiring] } }) { totalCount nodes { key value requirement { key catalogue { pin } } } } } }`,
    { at: '2018-11-01T01:00:00+01:00' }
  ],
  [
    `query ($after: String) { catalogue(id: "${clearswift}", asOf: 1, effectiveAt: "2018-09-10T00:00:00Z") { requirements(first: 2, after: $after) { edges { cursor node { key externalIds { namespace } endpoints { select { field } } } } pageInfo { hasNextPage hasPreviousPage } } } }`
  ],
  [
    'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Revision { number } ... on Catalogue { title } } }',
    { ids: [clearswift, `${clearswift}@1`, 'none'] }
  ],
  [
    'query ($skip: Boolean!) { formats { name title @skip(if: $skip) ...F @include(if: $skip) } } fragment F on ExportFormat { kind }',
    { skip: true }
  ],
  [
    'query ($skip: Boolean!) { formats { name title @skip(if: $skip) ...F @include(if: $skip) } } fragment F on ExportFormat { kind }',
    { skip: false }
  ],
  [`{ catalogues { nodes { list: export(format: "plain-ip") { url } table: export(format: "csv") { size } } } }`],
  ['query ($n: Int!) { catalogues(first: $n) { totalCount } }'],
  ['query ($n: Int!) { catalogues(first: $n) { totalCount } }', { n: 'many' }],
  ['query ($n: Int!) { catalogues(first: $n) { totalCount } }', { n: -1 }],
  [`query ($at: DateTime) { catalogue(id: "${clearswift}", effectiveAt: $at) { title } }`, { at: '2018-11-22' }],
  ['query ($types: [EventType!]) { events(types: $types) { nodes { seq type } } }', { types: ['nonsense'] }],
  ['query ($types: [EventType!]) { events(types: $types) { totalCount } }', { types: ['catalogue.created'] }],
  [
    'query ($filter: EndpointFilter) { catalogue(id: "none") { endpoints(filter: $filter) { totalCount } } }',
    { filter: { address: { within: '10.0.0.1/8' } } }
  ],
  [
    'query ($filter: EndpointFilter) { catalogues { nodes { endpoints(filter: $filter) { totalCount } } } }',
    { filter: { kind: { in: ['host'] }, nonsense: 1 } }
  ],
  [
    'mutation ($input: CreateSubscriptionInput!) { createSubscription(input: $input) { secret } }',
    { input: { url: 'https://receiver.example' } }
  ],
  ['{ __schema { queryType { fields { name args { name type { name kind ofType { name } } } } } } }']
]

t.test('an operation that is compiled answers as it did before', async (t) => {
  const app = await startApp(t)
  for (const [query, variables] of operations) {
    const answers: unknown[] = []
    for (let time = 0; time < times; time += 1) {
      // Another text each time, so that no kept answer stands in for an execution.
      const payload = { query, variables, extensions: { time } }
      const { statusCode, body } = await app.request({ method: 'POST', url: '/graphql', payload })
      const { data, errors = [], extensions } = JSON.parse(body)
      answers.push({
        statusCode,
        data,
        errors: errors.map(({ path, extensions: { code } }: { path?: unknown; extensions: { code: string } }) => ({
          code,
          path
        })),
        extensions
      })
    }
    if (query.includes('fragment ')) t.match(answers[0], { errors: [] }, 'everything in it is answered')
    for (const answer of answers) t.strictSame(answer, answers[0], `${query} ${JSON.stringify(variables ?? {})}`)
  }
})
