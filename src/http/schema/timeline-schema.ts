import Type from 'typebox'
import { InstantSchema, ProseSchema } from '../../domain/text.ts'
import { ChangeSchema, CountsSchema, RevisionRefSchema } from './change-schema.ts'
import { listSchema, mostRows, strict, words } from './schema-words.ts'

export const TimelineEntrySchema = Type.Object(
  {
    at: InstantSchema,
    kind: words(['revision', 'transition']),
    state: words(['happened', 'announced']),
    revision: RevisionRefSchema,
    summary: ProseSchema,
    reason: Type.Optional(ProseSchema),
    counts: CountsSchema,
    changes: Type.Optional(listSchema(ChangeSchema, mostRows, 'Of a transition: the endpoints that it moves'))
  },
  { ...strict, title: 'TimelineEntry' }
)
