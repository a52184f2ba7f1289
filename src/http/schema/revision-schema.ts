import Type from 'typebox'
import { guardRails } from '../../domain/history/revision.ts'
import { InstantSchema, ProseSchema } from '../../domain/text.ts'
import { ChangeSchema, CountsSchema } from './change-schema.ts'
import {
  DigestSchema,
  LabelSchema,
  listSchema,
  mostRows,
  RevisionNumberSchema,
  strict,
  textSchema,
  words
} from './schema-words.ts'

export const RevisionSchema = Type.Object(
  {
    number: RevisionNumberSchema,
    label: LabelSchema,
    publishedAt: InstantSchema,
    recordedAt: InstantSchema,
    author: Type.Optional(textSchema(200, 'Name or id of the key that published it')),
    summary: ProseSchema,
    reason: Type.Optional(ProseSchema),
    reconstructed: Type.Boolean({ description: 'True where no such document was ever published' }),
    overrides: listSchema(
      words(guardRails),
      guardRails.length,
      'Guard rails that this publish was let through in spite of'
    ),
    counts: CountsSchema,
    digest: DigestSchema,
    chain: {
      ...DigestSchema,
      description: 'SHA-256 over the chain of the revision before and the facts of this one'
    } as typeof DigestSchema
  },
  { ...strict, title: 'Revision' }
)

export const RevisionWithChangesSchema = Type.Object(
  { ...RevisionSchema.properties, changes: listSchema(ChangeSchema, mostRows) },
  { ...strict, title: 'RevisionWithChanges' }
)
