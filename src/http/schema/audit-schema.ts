import Type from 'typebox'
import { necessities } from '../../domain/document/document.ts'
import { statuses } from '../../domain/document/endpoint.ts'
import { mostEntries } from '../../domain/lookup/audit-entry.ts'
import { mostMissing } from '../../domain/lookup/audit-page.ts'
import { ServiceSchema } from '../../domain/network/network-service.ts'
import { NameSchema } from '../../domain/text.ts'
import { ViewEndpointSchema } from './endpoint-schema.ts'
import { closed, integerSchema, listSchema, mostRows, oneOfWords, PageSchema, textSchema } from './schema-words.ts'

const countSchema = (description: string) => integerSchema(0, mostRows, description)

const resultFields = {
  value: textSchema(2100, 'The entry in canonical form; `any` where it names a port alone'),
  port: Type.Optional(textSchema(30)),
  detail: textSchema(3000, 'Why the entry is in its list, and what was left out of it'),
  matches: listSchema(
    Type.Object(
      {
        catalogue: NameSchema,
        requirement: NameSchema,
        match: oneOfWords(['exact', 'covers', 'within']),
        endpoint: ViewEndpointSchema
      },
      closed
    ),
    20,
    'At most 20, those first that hold'
  ),
  matchCount: countSchema('How many endpoints match')
}
const AuditResultSchema = Type.Object(resultFields, { ...closed, title: 'AuditResult' })
const results = (description: string) => listSchema(AuditResultSchema, mostEntries, description)

const RetiredResultSchema = Type.Object(
  {
    ...resultFields,
    neededElsewhere: listSchema(
      Type.Object({ catalogue: NameSchema, requirement: NameSchema, status: oneOfWords(statuses) }, closed),
      20,
      'What needs the value with that port in other catalogues, at most 20: while there is any, it must stay open'
    )
  },
  { ...closed, title: 'RetiredResult' }
)

const MissingSchema = Type.Object(
  {
    value: textSchema(300),
    kind: oneOfWords(['host', 'address', 'pattern', 'url']),
    status: oneOfWords(statuses),
    requirements: listSchema(
      Type.Object(
        {
          catalogue: NameSchema,
          requirement: NameSchema,
          necessity: oneOfWords(necessities),
          services: listSchema(ServiceSchema, 1000)
        },
        closed
      ),
      20,
      'The requirements that lack it, at most 20'
    ),
    requirementCount: countSchema('How many requirements lack it')
  },
  { ...closed, title: 'MissingEndpoint' }
)

export const AuditSchema = Type.Object(
  {
    current: results('Needed'),
    retiring: results('Needed until an announced end'),
    planned: results('Not needed yet'),
    retired: listSchema(
      RetiredResultSchema,
      mostEntries,
      'The catalogue named these, and they no longer hold: the site may close those that nothing needs elsewhere'
    ),
    unknown: results('The catalogue never named these: it cannot say whether something else needs them'),
    missing: listSchema(MissingSchema, mostMissing, 'Values that hold now and that no entry lets through'),
    missingCount: countSchema('How many values are missing, on all pages'),
    covered: listSchema(
      MissingSchema,
      mostMissing,
      'Values that no entry lets through, and that are not missing, since the names or addresses that belong to them are there'
    ),
    coveredCount: countSchema('How many values are covered, on all pages'),
    invalid: listSchema(
      Type.Object(
        {
          index: integerSchema(0, mostEntries, 'Its place among the entries, from 0'),
          entry: textSchema(300),
          detail: textSchema(3000)
        },
        { ...closed, title: 'InvalidEntry' }
      ),
      mostEntries,
      'Entries that cannot be read'
    ),
    page: PageSchema
  },
  { ...closed, title: 'Audit' }
)
