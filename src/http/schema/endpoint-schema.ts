import Type from 'typebox'
import { directions, necessities, scopes } from '../../domain/document/document.ts'
import { endpointKinds, endpointSchemas, statuses } from '../../domain/document/endpoint.ts'
import { PortRangeSchema, ServiceSchema, transports } from '../../domain/network/service.ts'
import { InstantSchema, NameSchema, RemarksSchema, TitleSchema, UrlSchema } from '../../domain/text.ts'
import { listSchema, strict, textSchema, words } from './schema-words.ts'

const status = { status: words(statuses) }

/** An endpoint of a view: with the status that it has at the instant of the reading. */
export const ViewEndpointSchema = Type.Union(
  [
    Type.Object({ ...endpointSchemas.host.properties, ...status }, { ...strict, title: 'HostEndpoint' }),
    Type.Object({ ...endpointSchemas.address.properties, ...status }, { ...strict, title: 'AddressEndpoint' }),
    Type.Object({ ...endpointSchemas.role.properties, ...status }, { ...strict, title: 'RoleEndpoint' }),
    Type.Object({ ...endpointSchemas.feed.properties, ...status }, { ...strict, title: 'FeedEndpoint' }),
    Type.Object({ ...endpointSchemas.any.properties, ...status }, { ...strict, title: 'AnyEndpoint' })
  ],
  { title: 'Endpoint' }
)

const port = PortRangeSchema.properties.from
const values = listSchema(textSchema(255), 1000)
const { icmp, application } = ServiceSchema.properties

export const FlatRowSchema = Type.Object(
  {
    requirement: NameSchema,
    title: TitleSchema,
    scope: words(scopes),
    direction: words(directions),
    necessity: words(necessities),
    transport: words(transports),
    portFrom: Type.Optional(port),
    portTo: Type.Optional(port),
    sourcePorts: Type.Optional(listSchema(PortRangeSchema, 1000)),
    icmp,
    application,
    kind: words(endpointKinds),
    value: Type.Optional(textSchema(255)),
    endpointTitle: Type.Optional(TitleSchema),
    url: Type.Optional(UrlSchema),
    ...status,
    from: Type.Optional(InstantSchema),
    until: Type.Optional(InstantSchema),
    serves: Type.Optional(values),
    replacedBy: Type.Optional(values),
    remarks: Type.Optional(RemarksSchema)
  },
  { ...strict, title: 'FlatRow', description: 'Without `portFrom` and `portTo`: all ports' }
)
