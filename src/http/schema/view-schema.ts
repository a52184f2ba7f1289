import Type from 'typebox'
import { DocumentSchema, RequirementSchema } from '../../domain/document/document.ts'
import { InstantSchema, NameSchema, TitleSchema } from '../../domain/text.ts'
import { RevisionRefSchema, SiteRevisionRefSchema } from './change-schema.ts'
import { ViewEndpointSchema, ViewFeedsSchema } from './endpoint-schema.ts'
import { closed, listSchema, mostRows, textSchema } from './schema-words.ts'

export const ViewRequirementSchema = Type.Object(
  {
    catalogue: Type.Optional({ ...NameSchema, description: 'Under a site: id of the catalogue' } as typeof NameSchema),
    ...RequirementSchema.properties,
    endpoints: listSchema(ViewEndpointSchema, mostRows)
  },
  { ...closed, title: 'Requirement' }
)

const { edition: _, requirements: __, guidance, ...profile } = DocumentSchema.properties

export const ViewSchema = Type.Object(
  {
    ...profile,
    revision: RevisionRefSchema,
    validFrom: Type.Optional(InstantSchema),
    validUntil: Type.Optional(InstantSchema),
    guidance,
    requirements: listSchema(ViewRequirementSchema, mostRows),
    feeds: Type.Optional(ViewFeedsSchema)
  },
  { ...closed, title: 'View' }
)

export const TakenRevisionsSchema = listSchema(
  Type.Object(
    { id: NameSchema, title: TitleSchema, revision: RevisionRefSchema },
    { ...closed, title: 'TakenRevision' }
  ),
  1000,
  'The catalogues of the site that have a revision at the clocks of the read'
)

export const SiteViewSchema = Type.Object(
  {
    id: NameSchema,
    title: TitleSchema,
    revision: SiteRevisionRefSchema,
    catalogues: TakenRevisionsSchema,
    validFrom: Type.Optional(InstantSchema),
    validUntil: Type.Optional(InstantSchema),
    requirements: listSchema(ViewRequirementSchema, mostRows),
    feeds: Type.Optional(ViewFeedsSchema)
  },
  { ...closed, title: 'SiteView' }
)

export const ListedCatalogueSchema = Type.Object(
  {
    id: NameSchema,
    title: TitleSchema,
    vendor: TitleSchema,
    product: TitleSchema,
    version: textSchema(100),
    revision: RevisionRefSchema,
    nextTransition: Type.Optional({
      ...InstantSchema,
      description: 'When the clock alone next changes the view; absent if no change is announced'
    } as typeof InstantSchema)
  },
  { ...closed, title: 'ListedCatalogue' }
)
