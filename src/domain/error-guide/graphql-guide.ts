import type { Guide } from './guide.ts'

/** Errors of GraphQL operations. */
export const graphqlGuide = {
  not_acceptable: {
    cause: 'The `Accept` header field takes none of the media types in which GraphQL is answered.',
    remedy: 'Accept application/graphql-response+json or application/json, or leave the field away.',
    example: { detail: 'Accept: text/html takes neither application/json nor application/graphql-response+json.' }
  },
  graphql_parse_failed: {
    cause: 'The text of the operation is not GraphQL.',
    remedy: '`locations` has the line and column at which reading ended.',
    example: { detail: 'Syntax Error: Expected Name, found "}".' }
  },
  graphql_validation_failed: {
    cause: 'The operation asks for fields or arguments that the schema does not have, or leaves out what it needs.',
    remedy: 'Compare it with schema/portolan.graphql, or with the schema that introspection answers.',
    example: { detail: 'Cannot query field "titel" on type "Catalogue". Did you mean "title"?' }
  },
  invalid_variables: {
    cause: 'A variable is missing, or has a value that its type does not take.',
    remedy: 'Compare the variables with their types in the head of the operation.',
    example: { detail: 'Variable "$id" of required type "ID!" was not provided.' }
  },
  unknown_operation: {
    cause: 'The document has several operations and the request names none of them, or it has none.',
    remedy: 'Send `operationName` with the name of one of them.',
    example: { detail: 'Must provide operation name if query contains multiple operations.' }
  },
  unknown_document: {
    cause: 'The service has no trusted document with this hash, or executes trusted documents only.',
    remedy:
      'Send the text of the operation; clients with persisted queries do so by themselves. Else ask the operator to add the document.',
    example: { detail: 'No document here has the hash 0e4f2bce9c1d.' }
  },
  operation_too_large: {
    cause: 'The operation has too many aliases, directives or levels, or a connection has too many operations at once.',
    remedy: '`limit` and `most` name the limit. Ask for less in one operation, or in several one after the other.',
    example: { detail: 'The operation passes the limit of 15 for depth.', extra: { limit: 'depth', most: 15 } }
  },
  too_complex: {
    cause: 'The text of the operation is too long: it has more tokens or fragments than are read.',
    remedy: '`limit` and `most` name the limit. Cut the operation into several.',
    example: { detail: 'The text passes the limit of 1500 for tokens.', extra: { limit: 'tokens', most: 1500 } }
  },
  too_expensive: {
    cause: 'The lists of the operation could hold more objects than one operation may ask for.',
    remedy:
      '`limit` and `most` name the limit. Ask for fewer with `first:`, for fewer lists inside lists, or use /v1/delta to copy everything.',
    example: {
      detail: 'The operation passes the limit of 50000 for objects, and was stopped there. Ask for less at once.',
      extra: { limit: 'objects', most: 50_000 }
    }
  }
} satisfies Readonly<Record<string, Guide>>
