import Type from 'typebox'
import { InstantSchema, ProseSchema } from '../../domain/text.ts'
import { ChangeSchema, CountsSchema, RevisionRefSchema } from './change-schema.ts'
import { closed, listSchema, mostRows, oneOfWords } from './schema-words.ts'

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
