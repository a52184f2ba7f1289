import Type from 'typebox'
import { InstantSchema, NameSchema, ProseSchema } from '../../domain/text.ts'
import { ChangeSchema, CountsSchema, RevisionRefSchema, SiteRevisionRefSchema } from './change-schema.ts'
import { closed, listSchema, mostRows, oneOfWords, textSchema } from './schema-words.ts'

export const TimelineEntrySchema = Type.Object(
  {
    at: InstantSchema,
    kind: oneOfWords(['revision', 'transition']),
    state: oneOfWords(['happened', 'announced']),
    revision: RevisionRefSchema,
    summary: ProseSchema,
    reason: Type.Optional(ProseSchema),
    counts: CountsSchema,
    changes: Type.Optional(listSchema(ChangeSchema, mostRows, 'The endpoints that a transition activates or retires'))
  },
  { ...closed, title: 'TimelineEntry' }
)

/** A change of the rows that a site merged. */
export const MergedChangeSchema = Type.Object(
  {
    ...ChangeSchema.properties,
    requirement: Type.Optional(textSchema(300, 'The catalogue and the key of the requirement: `catalogue/requirement`'))
  },
  { ...closed, title: 'MergedChange' }
)

export const SiteTimelineEntrySchema = Type.Object(
  {
    ...TimelineEntrySchema.properties,
    revision: Type.Union([RevisionRefSchema, SiteRevisionRefSchema]),
    changes: Type.Optional(listSchema(MergedChangeSchema, mostRows, 'What a transition activates or retires')),
    catalogue: Type.Optional({ ...NameSchema, description: 'The catalogue that was published' } as typeof NameSchema)
  },
  { ...closed, title: 'SiteTimelineEntry' }
)
