import Type, { type TSchema } from 'typebox'
import { DocumentSchema, RequirementFieldsSchema } from '../../domain/document/document.ts'
import { endpointSchemas, statuses } from '../../domain/document/endpoint.ts'
import { mirrorTypes } from '../../domain/mirror/mirror.ts'
import { tombstoneReasons } from '../../domain/mirror/tombstone.ts'
import { InstantSchema, NameSchema } from '../../domain/text.ts'
import { RevisionRefSchema } from './change-schema.ts'
import {
  CountSchema,
  closed,
  DigestSchema,
  EpochSchema,
  integerSchema,
  LinkSchema,
  listSchema,
  nullable,
  oneOfWords,
  textSchema
} from './schema-words.ts'

const idSchema = (description: string) => textSchema(120, description)
const CatalogueLinkSchema = Type.Object({ id: NameSchema }, { ...closed, title: 'CatalogueLink' })
const RequirementLinkSchema = Type.Object(
  { id: idSchema('Id of the requirement'), key: NameSchema },
  { ...closed, title: 'RequirementLink' }
)

const { edition: _, requirements: __, ...profile } = DocumentSchema.properties
export const FlatCatalogueSchema = Type.Object(
  { ...profile, revision: RevisionRefSchema },
  { ...closed, title: 'FlatCatalogue' }
)
export const FlatRequirementSchema = Type.Object(
  {
    id: idSchema('Never changes, even if the requirement is renamed'),
    catalogue: CatalogueLinkSchema,
    ...RequirementFieldsSchema.properties,
    servicesText: textSchema(200_000, 'All services in one text: `tcp/80,tcp/8000-8100,icmp/8`'),
    portsText: Type.Optional(
      textSchema(200_000, 'The ports of all services together: `80,8000-8100`; absent if no service names ports')
    )
  },
  { ...closed, title: 'FlatRequirement' }
)

const parents = {
  id: idSchema('Never changes: requirement, kind, value and `from` identify an endpoint'),
  key: textSchema(400, 'Kind, value, and the beginning of the lifetime: `address:192.0.2.1@2026-12-01T00:00:00Z`'),
  catalogue: CatalogueLinkSchema,
  requirement: RequirementLinkSchema,
  status: oneOfWords(statuses)
}
export const FlatEndpointSchema = Type.Union(
  [
    Type.Object({ ...parents, ...endpointSchemas.host.properties }, { ...closed, title: 'FlatHost' }),
    Type.Object({ ...parents, ...endpointSchemas.address.properties }, { ...closed, title: 'FlatAddress' }),
    Type.Object({ ...parents, ...endpointSchemas.pattern.properties }, { ...closed, title: 'FlatPattern' }),
    Type.Object({ ...parents, ...endpointSchemas.url.properties }, { ...closed, title: 'FlatUrl' }),
    Type.Object({ ...parents, ...endpointSchemas.role.properties }, { ...closed, title: 'FlatRole' }),
    Type.Object({ ...parents, ...endpointSchemas.feed.properties }, { ...closed, title: 'FlatFeed' }),
    Type.Object({ ...parents, ...endpointSchemas.any.properties }, { ...closed, title: 'FlatAny' })
  ],
  { title: 'FlatEndpoint' }
)

export const LogSeqSchema = integerSchema(0, Number.MAX_SAFE_INTEGER, 'The newest event that the answer contains')
const identity = {
  id: idSchema('A mirror finds its copy by this id; it never changes'),
  key: textSchema(400, 'Names the object within its parent'),
  parentKey: Type.Optional(
    textSchema(100, 'Key of the parent: the requirement of an endpoint, the catalogue of a requirement')
  ),
  seq: {
    ...LogSeqSchema,
    description: 'The newest event of its catalogue that the entry contains'
  } as typeof LogSeqSchema
}
const upsertSchemaOf = (type: string, data: TSchema, title: string) =>
  Type.Object({ op: oneOfWords(['upsert']), type: oneOfWords([type]), ...identity, data }, { ...closed, title })

const TombstoneSchema = Type.Object(
  {
    reason: oneOfWords(
      tombstoneReasons,
      '`deleted`: no longer in the catalogue; `retired`: its lifetime is over; `left_filter`: still there, no longer matched; `access_lost`: the key may no longer read it'
    ),
    at: InstantSchema,
    replacedBy: Type.Optional(listSchema(textSchema(255), 1000, 'Values of the endpoints that take its place'))
  },
  { ...closed, title: 'Tombstone' }
)

const DeltaEntrySchema = Type.Union(
  [
    upsertSchemaOf('catalogue', FlatCatalogueSchema, 'CatalogueUpsert'),
    upsertSchemaOf('requirement', FlatRequirementSchema, 'RequirementUpsert'),
    upsertSchemaOf('endpoint', FlatEndpointSchema, 'EndpointUpsert'),
    Type.Object(
      { op: oneOfWords(['delete']), type: oneOfWords(mirrorTypes), ...identity, tombstone: TombstoneSchema },
      { ...closed, title: 'Deletion' }
    )
  ],
  { title: 'DeltaEntry' }
)

export const MirrorDigestFields = {
  count: CountSchema,
  digest: {
    ...DigestSchema,
    description:
      'SHA-256 over the lines `type SP id SP sha256(canonical data) LF`, one for each object that the client now holds, sorted by type and id. Canonical: RFC 8785'
  } as typeof DigestSchema
}

export const DeltaSchema = Type.Object(
  {
    items: listSchema(
      DeltaEntrySchema,
      1000,
      'Upserts, parents before children; then deletions, children before parents'
    ),
    page: Type.Object(
      {
        next: nullable(LinkSchema),
        cursor: nullable(
          textSchema(4000, 'On the last page: the cursor with which the next round begins; it never expires')
        )
      },
      { ...closed, title: 'DeltaPage', description: '`next` on every page but the last, `cursor` on the last' }
    ),
    seq: LogSeqSchema,
    epoch: EpochSchema,
    count: Type.Optional(MirrorDigestFields.count),
    digest: Type.Optional(MirrorDigestFields.digest)
  },
  { ...closed, title: 'Delta', description: '`count` and `digest` come with the last page' }
)

export const MirrorDigestSchema = Type.Object(
  {
    buckets: listSchema(
      Type.Object(
        { bucket: integerSchema(0, 255), ...MirrorDigestFields },
        { ...closed, title: 'DigestBucket', description: 'Count and digest of the objects in one bucket' }
      ),
      256
    ),
    ...MirrorDigestFields,
    seq: LogSeqSchema,
    epoch: EpochSchema
  },
  { ...closed, title: 'MirrorDigest' }
)
