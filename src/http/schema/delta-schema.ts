import Type, { type TSchema } from 'typebox'
import { DocumentSchema, RequirementFieldsSchema } from '../../domain/document/document.ts'
import { endpointSchemas, statuses } from '../../domain/document/endpoint.ts'
import { tombstoneReasons } from '../../domain/mirror/delta.ts'
import { mirrorTypes } from '../../domain/mirror/mirror.ts'
import { InstantSchema, NameSchema } from '../../domain/text.ts'
import { RevisionRefSchema } from './change-schema.ts'
import {
  CountSchema,
  DigestSchema,
  EpochSchema,
  integerSchema,
  LinkSchema,
  listSchema,
  nullable,
  strict,
  textSchema,
  words
} from './schema-words.ts'

const id = (description: string) => textSchema(120, description)
const CatalogueLinkSchema = Type.Object({ id: NameSchema }, { ...strict, title: 'CatalogueLink' })
const RequirementLinkSchema = Type.Object(
  { id: id('Of the requirement'), key: NameSchema },
  { ...strict, title: 'RequirementLink' }
)

const { edition: _, requirements: __, ...profile } = DocumentSchema.properties
export const FlatCatalogueSchema = Type.Object(
  { ...profile, revision: RevisionRefSchema },
  { ...strict, title: 'FlatCatalogue' }
)
export const FlatRequirementSchema = Type.Object(
  {
    id: id('Never changes, not by a rename either'),
    catalogue: CatalogueLinkSchema,
    ...RequirementFieldsSchema.properties,
    servicesText: textSchema(200_000, 'All services in one text: `tcp/80,tcp/8000-8100,icmp/8`'),
    portsText: Type.Optional(
      textSchema(200_000, 'The ports of all services together: `80,8000-8100`; absent where none names ports')
    )
  },
  { ...strict, title: 'FlatRequirement' }
)

const parents = {
  id: id('Never changes: requirement, kind, value and `from` make an endpoint'),
  key: textSchema(400, 'Kind, value, and where it begins: `address:192.0.2.1@2026-12-01T00:00:00Z`'),
  catalogue: CatalogueLinkSchema,
  requirement: RequirementLinkSchema,
  status: words(statuses)
}
export const FlatEndpointSchema = Type.Union(
  [
    Type.Object({ ...parents, ...endpointSchemas.host.properties }, { ...strict, title: 'FlatHost' }),
    Type.Object({ ...parents, ...endpointSchemas.address.properties }, { ...strict, title: 'FlatAddress' }),
    Type.Object({ ...parents, ...endpointSchemas.role.properties }, { ...strict, title: 'FlatRole' }),
    Type.Object({ ...parents, ...endpointSchemas.feed.properties }, { ...strict, title: 'FlatFeed' }),
    Type.Object({ ...parents, ...endpointSchemas.any.properties }, { ...strict, title: 'FlatAny' })
  ],
  { title: 'FlatEndpoint' }
)

export const LogSeqSchema = integerSchema(0, Number.MAX_SAFE_INTEGER, 'The newest event that the answer contains')
const identity = {
  id: id('What a mirror finds its copy by; never changes'),
  key: textSchema(400, 'What names the object within its parent'),
  parentKey: Type.Optional(
    textSchema(100, 'The key of the parent: of an endpoint its requirement, of that its catalogue')
  ),
  seq: {
    ...LogSeqSchema,
    description: 'The newest event of its catalogue that the entry contains'
  } as typeof LogSeqSchema
}
const upsertOf = (type: string, data: TSchema, title: string) =>
  Type.Object({ op: words(['upsert']), type: words([type]), ...identity, data }, { ...strict, title })

const TombstoneSchema = Type.Object(
  {
    reason: words(
      tombstoneReasons,
      '`deleted`: no longer in the catalogue; `retired`: its lifetime is over; `left_filter`: still there, no longer matched; `access_lost`: the key may no longer read it'
    ),
    at: InstantSchema,
    replacedBy: Type.Optional(listSchema(textSchema(255), 1000, 'Values of the endpoints that take its place'))
  },
  { ...strict, title: 'Tombstone' }
)

const DeltaEntrySchema = Type.Union(
  [
    upsertOf('catalogue', FlatCatalogueSchema, 'CatalogueUpsert'),
    upsertOf('requirement', FlatRequirementSchema, 'RequirementUpsert'),
    upsertOf('endpoint', FlatEndpointSchema, 'EndpointUpsert'),
    Type.Object(
      { op: words(['delete']), type: words(mirrorTypes), ...identity, tombstone: TombstoneSchema },
      { ...strict, title: 'Deletion' }
    )
  ],
  { title: 'DeltaEntry' }
)

export const MirrorDigestFields = {
  count: CountSchema,
  digest: {
    ...DigestSchema,
    description:
      'SHA-256 over the lines `type SP id SP sha256(canonical data) LF`, sorted by type and id, of all that the client now holds. Canonical: RFC 8785'
  } as typeof DigestSchema
}

export const DeltaSchema = Type.Object(
  {
    items: listSchema(DeltaEntrySchema, 1000, 'Upserts parents first, then deletes children first'),
    page: Type.Object(
      {
        next: nullable(LinkSchema),
        cursor: nullable(textSchema(4000, 'Of the last page: what the next round begins with; it never expires'))
      },
      { ...strict, title: 'DeltaPage', description: 'Never both' }
    ),
    seq: LogSeqSchema,
    epoch: EpochSchema,
    count: Type.Optional(MirrorDigestFields.count),
    digest: Type.Optional(MirrorDigestFields.digest)
  },
  { ...strict, title: 'Delta', description: '`count` and `digest` come with the last page' }
)

export const MirrorDigestSchema = Type.Object(
  {
    buckets: listSchema(
      Type.Object(
        { bucket: integerSchema(0, 255), ...MirrorDigestFields },
        { ...strict, title: 'DigestBucket', description: 'Of the objects in this bucket alone' }
      ),
      256
    ),
    ...MirrorDigestFields,
    seq: LogSeqSchema,
    epoch: EpochSchema
  },
  { ...strict, title: 'MirrorDigest' }
)
