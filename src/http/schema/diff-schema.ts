import Type from 'typebox'
import { EditionSchema } from '../../domain/document/edition.ts'
import { InstantSchema } from '../../domain/text.ts'
import { ChangeSchema, CountsSchema, RevisionRefSchema } from './change-schema.ts'
import { closed, listSchema, PageSchema } from './schema-words.ts'

const SideSchema = Type.Object(
  { revision: RevisionRefSchema, effectiveAt: Type.Optional(InstantSchema) },
  { ...closed, title: 'DiffSide' }
)
export const EditionChangeSchema = Type.Object(
  { before: EditionSchema, after: EditionSchema },
  { ...closed, title: 'EditionChange' }
)

export const DiffSchema = Type.Object(
  {
    from: SideSchema,
    to: SideSchema,
    counts: CountsSchema,
    edition: Type.Optional(EditionChangeSchema),
    changes: listSchema(ChangeSchema, 1000, 'A page of the changes'),
    page: Type.Optional(PageSchema)
  },
  { ...closed, title: 'Diff' }
)
