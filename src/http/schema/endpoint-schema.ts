import Type from 'typebox'
import { directions, necessities, RequirementFieldsSchema, scopes } from '../../domain/document/document.ts'
import { endpointKinds, endpointSchemas, statuses } from '../../domain/document/endpoint.ts'
import { PortRangeSchema, ServiceSchema } from '../../domain/network/network-service.ts'
import { TransportSchema } from '../../domain/network/protocol.ts'
import { InstantSchema, NameSchema, RemarksSchema, TitleSchema, UrlSchema } from '../../domain/text.ts'
import { feedOutcomes, originKinds } from '../../domain/view/view.ts'
import { closed, listSchema, oneOfWords, RevisionNumberSchema, textSchema } from './schema-words.ts'

const status = { status: oneOfWords(statuses) }

/** What put a row into the rows of a site. */
const OriginSchema = Type.Object(
  {
    kind: oneOfWords(originKinds),
    ref: textSchema(255, 'Id of the catalogue or overlay, or name of the role or variable'),
    revision: {
      ...RevisionNumberSchema,
      description: 'Of the catalogue; of the site for bindings and overlays'
    } as typeof RevisionNumberSchema
  },
  { ...closed, title: 'Origin' }
)
/** What a site adds to endpoints. */
const siteMarks = {
  role: Type.Optional({
    ...NameSchema,
    description: 'Under a site: the role that the value plays'
  } as typeof NameSchema),
  origin: Type.Optional(OriginSchema),
  source: Type.Optional(
    listSchema(textSchema(255), 10_000, 'Under a site: addresses and names of the product itself. Absent: any')
  )
}

const FeedRefSchema = Type.Object(
  { catalogue: NameSchema, revision: RevisionNumberSchema },
  { ...closed, title: 'FeedRevision', description: 'The catalogue of a feed, and the number of its revision' }
)
/** What a view says of endpoints beside what their author wrote. */
const viewed = {
  ...status,
  basis: Type.Optional(
    oneOfWords(['feed'], 'The endpoint is a row of a feed to which the requirement refers, with `resolve=feeds`')
  ),
  feed: Type.Optional(FeedRefSchema),
  ...siteMarks
}

/** An endpoint of a view, with its status at the instant of the view. */
export const ViewEndpointSchema = Type.Union(
  [
    Type.Object({ ...endpointSchemas.host.properties, ...viewed }, { ...closed, title: 'HostEndpoint' }),
    Type.Object({ ...endpointSchemas.address.properties, ...viewed }, { ...closed, title: 'AddressEndpoint' }),
    Type.Object({ ...endpointSchemas.pattern.properties, ...viewed }, { ...closed, title: 'PatternEndpoint' }),
    Type.Object({ ...endpointSchemas.url.properties, ...viewed }, { ...closed, title: 'UrlEndpoint' }),
    Type.Object({ ...endpointSchemas.role.properties, ...viewed }, { ...closed, title: 'RoleEndpoint' }),
    Type.Object({ ...endpointSchemas.feed.properties, ...viewed }, { ...closed, title: 'FeedEndpoint' }),
    Type.Object({ ...endpointSchemas.any.properties, ...viewed }, { ...closed, title: 'AnyEndpoint' })
  ],
  { title: 'Endpoint' }
)

const port = PortRangeSchema.properties.from
const values = listSchema(textSchema(255), 1000)
const { icmp, application } = ServiceSchema.properties
const { properties: fields } = RequirementFieldsSchema
const { properties: proxy } = fields.proxy

export const FlatRowSchema = Type.Object(
  {
    catalogue: Type.Optional({ ...NameSchema, description: 'Under a site: id of the catalogue' } as typeof NameSchema),
    requirement: NameSchema,
    title: TitleSchema,
    scope: oneOfWords(scopes),
    direction: oneOfWords(directions),
    necessity: oneOfWords(necessities),
    transport: TransportSchema,
    portFrom: Type.Optional(port),
    portTo: Type.Optional(port),
    sourcePorts: Type.Optional(listSchema(PortRangeSchema, 1000)),
    icmp,
    application,
    kind: Type.Optional(oneOfWords(endpointKinds, 'Absent: the requirement names no endpoint')),
    value: Type.Optional(textSchema(255)),
    endpointTitle: Type.Optional(TitleSchema),
    url: Type.Optional(UrlSchema),
    status: Type.Optional(status.status),
    from: Type.Optional(InstantSchema),
    until: Type.Optional(InstantSchema),
    serves: Type.Optional(values),
    replacedBy: Type.Optional(values),
    remarks: Type.Optional({ ...RemarksSchema, description: 'Remarks on the endpoint' } as typeof RemarksSchema),
    condition: fields.condition,
    requirementRemarks: fields.remarks,
    httpProxy: proxy.httpProxy,
    tlsInspection: proxy.tlsInspection,
    tags: fields.tags,
    owner: fields.owner,
    externalIds: fields.externalIds,
    references: fields.references,
    inferred: fields.inferred,
    select: endpointSchemas.feed.properties.select,
    component: fields.component,
    endpointTags: endpointSchemas.host.properties.tags,
    basis: viewed.basis,
    feed: viewed.feed,
    ...siteMarks
  },
  {
    ...closed,
    title: 'FlatRow',
    description:
      'Without `portFrom` and `portTo`: all ports. Without `kind` and `status`: the requirement names no endpoint'
  }
)

/** The references to feeds, and what became of them. */
export const ViewFeedsSchema = listSchema(
  Type.Object(
    {
      catalogue: Type.Optional({
        ...NameSchema,
        description: 'Under a site: id of the catalogue'
      } as typeof NameSchema),
      requirement: NameSchema,
      value: NameSchema,
      url: UrlSchema,
      outcome: oneOfWords(
        feedOutcomes,
        '`resolved`: its rows stand in the place of the reference. `unresolved`: no catalogue publishes the feed, or nothing of it is selected. `unbounded`: it has more than 1000 rows, and the reference selects none of them. The last two leave the reference out'
      ),
      feed: Type.Optional(FeedRefSchema),
      others: Type.Optional(
        listSchema(NameSchema, 1000, 'Other catalogues that publish the same feed: the one with the least id is read')
      )
    },
    { ...closed, title: 'ViewFeed' }
  ),
  1_000_000,
  'The references to feeds, where they were to be resolved and there are some'
)
