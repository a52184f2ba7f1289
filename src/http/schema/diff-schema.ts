import Type from 'typebox'
import { EditionSchema } from '../../domain/document/document.ts'
import { InstantSchema } from '../../domain/text.ts'
import { ChangeSchema, CountsSchema, RevisionRefSchema } from './change-schema.ts'
import { listSchema, mostRows, strict } from './schema-words.ts'

const SideSchema = Type.Object(
  { revision: RevisionRefSchema, effectiveAt: Type.Optional(InstantSchema) },
  { ...strict, title: 'DiffSide' }
)
export const EditionChangeSchema = Type.Object(
  { before: EditionSchema, after: EditionSchema },
  { ...strict, title: 'EditionChange' }
)

export const DiffSchema = Type.Object(
  {
    from: SideSchema,
    to: SideSchema,
    counts: CountsSchema,
    edition: Type.Optional(EditionChangeSchema),
    changes: listSchema(ChangeSchema, mostRows)
  },
  { ...strict, title: 'Diff' }
)
