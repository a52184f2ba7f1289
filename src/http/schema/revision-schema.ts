import Type from 'typebox'
import { EditionSourceSchema } from '../../domain/document/edition.ts'
import { guardRails } from '../../domain/history/revision.ts'
import { InstantSchema, ProseSchema } from '../../domain/text.ts'
import { ChangeSchema, CountsSchema } from './change-schema.ts'
import {
  closed,
  DigestSchema,
  LabelSchema,
  LinkSchema,
  listSchema,
  oneOfWords,
  PageSchema,
  RevisionNumberSchema,
  textSchema
} from './schema-words.ts'

export const RevisionSchema = Type.Object(
  {
    number: RevisionNumberSchema,
    label: LabelSchema,
    publishedAt: InstantSchema,
    recordedAt: InstantSchema,
    author: Type.Optional(
      textSchema(200, 'Name of the key that published it, or its id where it has none; need not be unique')
    ),
    authorKey: Type.Optional(textSchema(12, 'Id of the key that published it. Absent: it came from a shell')),
    summary: ProseSchema,
    reason: Type.Optional(ProseSchema),
    reconstructed: Type.Boolean({ description: 'True if no such document was ever published' }),
    source: Type.Optional(EditionSourceSchema),
    overrides: listSchema(oneOfWords(guardRails), guardRails.length, 'Guard rails that this publish overrode'),
    counts: CountsSchema,
    digest: DigestSchema,
    chain: {
      ...DigestSchema,
      description: 'SHA-256 over the chain of the previous revision and the facts of this one'
    } as typeof DigestSchema
  },
  { ...closed, title: 'Revision' }
)

export const RevisionWithChangesSchema = Type.Object(
  {
    ...RevisionSchema.properties,
    changes: listSchema(ChangeSchema, 1000, 'At most 1000, and as many as 64 KiB hold'),
    truncated: Type.Optional(Type.Literal(true, { description: 'There are more changes' })),
    links: Type.Optional(
      Type.Object({ diff: LinkSchema }, { ...closed, description: 'Where all changes are, by page' })
    ),
    page: Type.Optional(PageSchema)
  },
  { ...closed, title: 'RevisionWithChanges' }
)
