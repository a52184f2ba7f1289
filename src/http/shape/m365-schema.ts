import Type from 'typebox'
import { m365Impacts } from '../../render/shape/m365-change.ts'
import { closed, integerSchema, listSchema, mostRows, oneOfWords, textSchema } from '../schema/schema-words.ts'

const VersionTextSchema = Type.String({
  pattern: '^[0-9]{10}$',
  maxLength: 10,
  description:
    '`YYYYMMDDNN`: the day of the publication in UTC, and a number within the day. It rises with every revision'
})
const InstanceSchema = textSchema(20, 'The instance that the catalogue stands for')

export const M365VersionSchema = Type.Object(
  {
    instance: InstanceSchema,
    latest: VersionTextSchema,
    versions: Type.Optional(listSchema(VersionTextSchema, mostRows, '`AllVersions=true`: the newest first'))
  },
  { ...closed, title: 'OfficeVersion' }
)

const factFields = {
  expressRoute: Type.Boolean({ description: 'Whether the requirement has the tag `express-route`' }),
  serviceArea: textSchema(200, 'The external id `m365-service-area`; else `Common`'),
  category: textSchema(
    200,
    'The external id `m365-category`; else `Allow` where the set has addresses, and `Default` where it has none'
  ),
  required: Type.Boolean({ description: 'Whether the product needs it' })
}
const optionalFactFields = {
  tcpPorts: Type.Optional(textSchema(20_000, 'Ports and ranges, joined by commas')),
  udpPorts: Type.Optional(textSchema(20_000, 'Ports and ranges, joined by commas')),
  notes: Type.Optional(textSchema(4000, 'The remarks'))
}
const SetIdSchema = integerSchema(
  1,
  1_000_000_000,
  'The number that the source gave the set, in the external id `m365-id`; else counted in the order in which requirements first appeared. It stays'
)
const urlsSchema = listSchema(textSchema(255), mostRows, 'Host names, with asterisks, or URLs')
const ipsSchema = listSchema(textSchema(50), mostRows, 'Networks, always with the length of the prefix')

const M365SetSchema = Type.Object(
  {
    id: SetIdSchema,
    serviceArea: factFields.serviceArea,
    serviceAreaDisplayName: textSchema(200),
    urls: Type.Optional(urlsSchema),
    ips: Type.Optional(ipsSchema),
    tcpPorts: optionalFactFields.tcpPorts,
    udpPorts: optionalFactFields.udpPorts,
    expressRoute: factFields.expressRoute,
    category: factFields.category,
    required: factFields.required,
    notes: optionalFactFields.notes
  },
  { ...closed, title: 'OfficeEndpointSet' }
)

const FactsSchema = Type.Object(
  {
    ...Object.fromEntries(Object.entries(factFields).map(([name, schema]) => [name, Type.Optional(schema)])),
    ...optionalFactFields
  },
  { ...closed, description: 'Of the fields of the set those that differ', title: 'OfficeSetFields' }
)
const valueFields = { ips: Type.Optional(ipsSchema), urls: Type.Optional(urlsSchema) }

const M365ChangeSchema = Type.Object(
  {
    id: integerSchema(1, 1_000_000_000, 'Counts the changes of the catalogue under these parameters, from 1'),
    endpointSetId: SetIdSchema,
    disposition: oneOfWords(['Add', 'Change', 'Remove']),
    version: VersionTextSchema,
    impact: oneOfWords(m365Impacts),
    previous: Type.Optional(FactsSchema),
    current: Type.Optional(FactsSchema),
    add: Type.Optional(
      Type.Object(
        {
          effectiveDate: Type.String({
            pattern: '^[0-9]{8}$',
            maxLength: 8,
            description: '`YYYYMMDD`: the day in UTC from which on they are needed'
          }),
          ...valueFields
        },
        closed
      )
    ),
    remove: Type.Optional(Type.Object(valueFields, closed))
  },
  { ...closed, title: 'OfficeChange' }
)

export const M365VersionListSchema = titledList(M365VersionSchema, 1, 'OfficeVersionList')
export const M365SetListSchema = titledList(M365SetSchema, mostRows, 'OfficeEndpointSetList')
export const M365ChangeListSchema = titledList(M365ChangeSchema, mostRows, 'OfficeChangeList')

function titledList<Item extends Type.TSchema>(item: Item, maxItems: number, title: string) {
  return Type.Array(item, { maxItems, title })
}
