import Type from 'typebox'
import { RequirementFieldsSchema } from '../../domain/document/document.ts'
import { statuses } from '../../domain/document/endpoint.ts'
import { ServiceSchema } from '../../domain/network/network-service.ts'
import { NameSchema } from '../../domain/text.ts'
import { RevisionRefSchema } from './change-schema.ts'
import { ViewEndpointSchema } from './endpoint-schema.ts'
import { closed, listSchema, oneOfWords, textSchema } from './schema-words.ts'

export const LookupItemSchema = Type.Object(
  {
    catalogue: NameSchema,
    requirement: RequirementFieldsSchema,
    endpoint: Type.Optional(ViewEndpointSchema),
    match: Type.Optional(
      oneOfWords(
        ['exact', 'covers', 'within', 'any', 'role', 'feed'],
        'How the endpoint relates to the value that was looked up'
      )
    ),
    status: oneOfWords(statuses),
    services: listSchema(ServiceSchema, 1000),
    addedIn: RevisionRefSchema,
    removedIn: Type.Optional(RevisionRefSchema)
  },
  { ...closed, title: 'LookupItem' }
)
const fields = listSchema(textSchema(50), 20, 'The fields that have the words')
const title = textSchema(500, 'Title of the catalogue or requirement')

export const SearchHitSchema = Type.Union(
  [
    Type.Object({ type: Type.Literal('catalogue'), catalogue: NameSchema, title, fields }, closed),
    Type.Object(
      { type: Type.Literal('requirement'), catalogue: NameSchema, requirement: NameSchema, title, fields },
      closed
    ),
    Type.Object(
      {
        type: Type.Literal('endpoint'),
        catalogue: NameSchema,
        requirement: NameSchema,
        title,
        endpoint: ViewEndpointSchema,
        fields
      },
      closed
    )
  ],
  { title: 'SearchHit' }
)
