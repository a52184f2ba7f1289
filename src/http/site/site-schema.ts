import Type from 'typebox'
import { siteGuardRails } from '../../domain/site/site-revision.ts'
import { InstantSchema, NameSchema, ProseSchema, TitleSchema } from '../../domain/text.ts'
import { ChangeSchema, CountsSchema, SiteRevisionRefSchema } from '../schema/change-schema.ts'
import { type HeaderSchemas, pageHeaders } from '../schema/header-schema.ts'
import { RevisionSchema } from '../schema/revision-schema.ts'
import { closed, listSchema, mostRows, oneOfWords, RevisionNumberSchema } from '../schema/schema-words.ts'
import { MergedChangeSchema } from '../schema/timeline-schema.ts'

export const SiteParamsSchema = Type.Object(
  { site: { ...NameSchema, description: 'Id of the site', examples: ['leeds'] } as typeof NameSchema },
  closed
)
export const SiteRevisionParamsSchema = Type.Object(
  {
    ...SiteParamsSchema.properties,
    number: Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Number of the revision', examples: [1] })
  },
  closed
)

/** The clock of what a site had published, in each read of one. */
export const siteAsOfFields = {
  siteAsOf: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 60,
      examples: ['1', '2026-12-01T00:00:00Z'],
      description: 'The revision of the site: its number, or an instant. Default: the newest'
    })
  )
}

export const siteHeaders: HeaderSchemas = {
  ...pageHeaders,
  'Portolan-Site-Revision': { ...RevisionNumberSchema, description: 'Number of the revision of the site' }
}

export const ListedSiteSchema = Type.Object(
  {
    id: NameSchema,
    title: TitleSchema,
    catalogues: listSchema(NameSchema, 1000, 'Ids of the catalogues that it takes'),
    revision: SiteRevisionRefSchema
  },
  { ...closed, title: 'Site' }
)

const { author, authorKey, chain, recordedAt, publishedAt, number, digest } = RevisionSchema.properties
export const SiteRevisionSchema = Type.Object(
  {
    number,
    publishedAt,
    recordedAt,
    author,
    authorKey,
    reason: Type.Optional(ProseSchema),
    overrides: listSchema(oneOfWords(siteGuardRails), siteGuardRails.length, 'Guard rails that this publish overrode'),
    counts: CountsSchema,
    digest,
    chain
  },
  { ...closed, title: 'SiteRevision' }
)
const changes = listSchema(ChangeSchema, mostRows, 'What differs in the document')
export const SiteRevisionWithChangesSchema = Type.Object(
  { ...SiteRevisionSchema.properties, changes },
  { ...closed, title: 'SiteRevisionWithChanges' }
)
const side = Type.Object(
  {
    ...SiteRevisionRefSchema.properties,
    effectiveAt: Type.Optional({ ...InstantSchema, description: 'Of a view: what held then' } as typeof InstantSchema)
  },
  { ...closed, title: 'ComparedSite' }
)
export const SiteDiffSchema = Type.Object(
  {
    from: side,
    to: side,
    changes: listSchema(
      MergedChangeSchema,
      mostRows,
      'What differs in the documents, or in the merged rows of two views: these name requirements `catalogue/requirement`'
    )
  },
  { ...closed, title: 'SiteDiff' }
)
