import Type from 'typebox'
import { necessities } from '../../domain/document/document.ts'
import { statuses } from '../../domain/document/endpoint.ts'
import { mostEntries } from '../../domain/lookup/audit-entry.ts'
import { ServiceSchema } from '../../domain/network/service.ts'
import { NameSchema } from '../../domain/text.ts'
import { ViewEndpointSchema } from './endpoint-schema.ts'
import { closed, listSchema, mostRows, oneOfWords, textSchema } from './schema-words.ts'

const AuditResultSchema = Type.Object(
  {
    value: textSchema(300),
    port: Type.Optional(textSchema(30)),
    detail: textSchema(1000),
    matches: listSchema(
      Type.Object(
        { requirement: NameSchema, match: oneOfWords(['exact', 'covers', 'within']), endpoint: ViewEndpointSchema },
        closed
      ),
      mostRows
    )
  },
  { ...closed, title: 'AuditResult' }
)
const results = (description: string) => listSchema(AuditResultSchema, mostEntries, description)

export const AuditSchema = Type.Object(
  {
    current: results('Needed'),
    retiring: results('Needed until an announced end'),
    planned: results('Not needed yet'),
    retired: results('The catalogue named these, and they no longer hold: the site may close them'),
    unknown: results('The catalogue never named these: it cannot say whether something else needs them'),
    missing: listSchema(
      Type.Object(
        {
          value: textSchema(300),
          kind: oneOfWords(['host', 'address']),
          status: oneOfWords(statuses),
          requirements: listSchema(
            Type.Object(
              {
                requirement: NameSchema,
                necessity: oneOfWords(necessities),
                services: listSchema(ServiceSchema, 1000)
              },
              closed
            ),
            mostRows
          )
        },
        { ...closed, title: 'MissingEndpoint' }
      ),
      mostRows,
      'Values that hold now and that no entry lets through'
    )
  },
  { ...closed, title: 'Audit' }
)
