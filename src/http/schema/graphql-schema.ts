import Type from 'typebox'
import { InstantSchema } from '../../domain/text.ts'
import { type HeaderSchemas, readHeaders } from './header-schema.ts'
import {
  CountSchema,
  closed,
  EpochSchema,
  integerSchema,
  LabelSchema,
  largestText,
  listSchema,
  mostRows,
  RevisionNumberSchema,
  SeqSchema,
  textSchema
} from './schema-words.ts'
import { type Answers, answerSchema, problems } from './schemas.ts'

const mostText = 1_000_000

const SeenSchema = Type.Object(
  {
    catalogue: textSchema(100, 'Id of the catalogue'),
    revision: RevisionNumberSchema,
    label: LabelSchema,
    seq: { ...SeqSchema, description: 'The newest event of the catalogue that the answer contains' },
    effectiveAt: {
      ...InstantSchema,
      description: 'The instant that was read. Revision and instant together read the same again, for good'
    },
    validFrom: Type.Optional(InstantSchema),
    validUntil: Type.Optional({ ...InstantSchema, description: 'The next transition' })
  },
  { ...closed, title: 'GraphQLSeen' }
)

const PortolanSchema = Type.Object(
  {
    epoch: EpochSchema,
    seq: Type.Optional({ ...integerSchema(0, Number.MAX_SAFE_INTEGER), description: 'The newest event of the log' }),
    revision: Type.Optional({
      ...RevisionNumberSchema,
      description: 'The revision, if exactly one catalogue was read'
    }),
    effectiveAt: Type.Optional({ ...InstantSchema, description: 'The instant, if exactly one catalogue was read' }),
    cost: { ...CountSchema, description: 'How many objects the operation may answer at most' },
    catalogues: listSchema(SeenSchema, mostRows, 'Which revision and instant of each catalogue the operation saw')
  },
  { ...closed, title: 'GraphQLMoment' }
)

const ErrorSchema = Type.Object(
  {
    message: textSchema(100_000, 'For people'),
    locations: Type.Optional(
      listSchema(
        Type.Object(
          { line: CountSchema, column: CountSchema },
          { ...closed, title: 'GraphQLLocation', description: 'In the text of the operation' }
        ),
        mostRows
      )
    ),
    path: Type.Optional(
      listSchema(
        Type.Union([textSchema(1000), integerSchema(0, mostRows)]),
        1000,
        'Path to the field that could not be answered'
      )
    ),
    extensions: Type.Object(
      { code: textSchema(100, 'The same codes as in the REST interface'), problem: Type.Ref('Problem') },
      { ...closed, title: 'GraphQLErrorExtensions' }
    )
  },
  { ...closed, title: 'GraphQLError' }
)

const AnswerSchema = Type.Object(
  {
    data: Type.Optional(Type.Unknown({ description: 'The result; absent if nothing was executed' })),
    errors: Type.Optional(listSchema(ErrorSchema, mostRows)),
    extensions: Type.Optional(
      Type.Object({ portolan: PortolanSchema }, { ...closed, title: 'GraphQLAnswerExtensions' })
    )
  },
  { ...closed, title: 'GraphQLAnswer' }
)

const hash = 'SHA-256 of the text of a trusted document in hex, with or without `sha256:` before it'
const query = 'The text of the operation; not needed with the hash of a trusted document'
const operationName = 'Name of the operation to execute, if the text has several'

/** A member that is null counts as absent. GraphQL over HTTP, section 5.1. */
const BodySchema = Type.Object(
  {
    query: Type.Optional(Type.Unsafe({ type: ['string', 'null'], maxLength: mostText, description: query })),
    operationName: Type.Optional(
      Type.Unsafe({ type: ['string', 'null'], maxLength: 1000, description: operationName })
    ),
    variables: Type.Optional(Type.Unknown({ description: 'An object: the values of the variables' })),
    extensions: Type.Optional(
      Type.Unknown({ description: 'An object. `persistedQuery: {version: 1, sha256Hash}` names a trusted document' })
    ),
    documentId: Type.Optional(Type.Unsafe({ type: ['string', 'null'], maxLength: 100, description: hash }))
  },
  { title: 'GraphQLRequest' }
)

const QuerySchema = Type.Object({
  documentId: Type.Optional(Type.String({ maxLength: 100, description: hash, examples: [`sha256:${'0'.repeat(64)}`] })),
  extensions: Type.Optional(
    Type.String({
      maxLength: 10_000,
      description: 'An object as JSON. `{"persistedQuery": {"version": 1, "sha256Hash": …}}` names a trusted document',
      examples: [`{"persistedQuery":{"version":1,"sha256Hash":"${'0'.repeat(64)}"}}`]
    })
  ),
  query: Type.Optional(Type.String({ maxLength: 10_000, description: query, examples: ['{ formats { name } }'] })),
  operationName: Type.Optional(Type.String({ maxLength: 1000, description: operationName, examples: ['Catalogue'] })),
  variables: Type.Optional(
    Type.String({
      maxLength: 10_000,
      description: 'The values of the variables, an object as JSON',
      examples: ['{"id":"clearswift-exchange-gateway-4.8"}']
    })
  )
})

const negotiated: HeaderSchemas = {
  Vary: textSchema(200, 'The header fields of the request that the answer depends on')
}

/** The codes of an operation that was not executed. A request that contains no operation is answered with a problem. */
const graphqlCodes = [
  'malformed_body',
  'graphql_parse_failed',
  'graphql_validation_failed',
  'invalid_variables',
  'unknown_operation',
  'operation_too_large',
  'too_complex',
  'too_expensive',
  'invalid_parameter',
  'invalid_instant',
  'unknown_document'
] as const

const content = { 'application/json': AnswerSchema, 'application/graphql-response+json': AnswerSchema }

const streamedContent = {
  ...content,
  'text/event-stream': textSchema(largestText, 'The events `next` and `complete` of GraphQL over SSE')
}

/** The refusals. Those that are about an operation may also have the form of a GraphQL answer. */
const refusals: Answers = Object.fromEntries(
  Object.entries(
    problems(
      ...graphqlCodes,
      'cross_site',
      'insufficient_scope',
      'not_acceptable',
      'body_too_large',
      'unsupported_media_type'
    )
  ).map(([status, refusal]) => [
    status,
    ['400', '401', '403', '404', '429'].includes(status) ? asAnswer(refusal) : refusal
  ])
)

function asAnswer(refusal: { readonly content?: object; readonly headers?: object }): object {
  return {
    ...refusal,
    headers: { ...refusal.headers, ...negotiated },
    content: { ...Object(answerSchema('', { content })).content, ...refusal.content }
  }
}

/** `POST /graphql` and `GET /graphql` as the OpenAPI document has them; `schema/portolan.graphql` describes the fields. */
export const graphqlOperations = {
  post: {
    operationId: 'postGraphql',
    summary: 'Executes a query or a mutation of GraphQL',
    description:
      'GraphQL over HTTP; the schema is `schema/portolan.graphql`, and introspection answers it too. Errors in a document or its variables are answered with 200 as `application/json`, and with 400 as `application/graphql-response+json`. An error has the `code` and the `problem` of the REST interface. Subscriptions go over a WebSocket at the same path (`graphql-transport-ws`), or as server-sent events, over `/graphql/stream` or to a client that accepts only `text/event-stream`.',
    tags: ['graphql'],
    body: BodySchema,
    response: {
      200: answerSchema('The result of the operation', { content: streamedContent }, negotiated),
      ...refusals
    }
  },
  get: {
    operationId: 'getGraphql',
    summary: 'Executes a trusted document, or answers that nothing changed',
    description:
      'Executes queries that are trusted documents of the service, by hash or by text. The answer has an `ETag`, and no cache keeps it past the next transition. Any other document is refused with 405: send it by POST. A WebSocket with the sub-protocol `graphql-transport-ws` takes operations of every kind.',
    tags: ['graphql'],
    querystring: QuerySchema,
    response: {
      200: answerSchema(
        'The result of the operation',
        { content },
        {
          ETag: Object(readHeaders.ETag),
          'Cache-Control': Object(readHeaders['Cache-Control']),
          'Portolan-Epoch': EpochSchema,
          ...negotiated
        }
      ),
      304: { description: 'The client already has this answer: `If-None-Match` names its ETag', type: 'null' },
      ...refusals
    }
  }
} as const
