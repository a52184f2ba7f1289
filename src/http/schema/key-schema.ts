import Type from 'typebox'
import { keyScopes } from '../../domain/key.ts'
import { NarrowingSchema } from '../../domain/narrowing.ts'
import { InstantSchema } from '../../domain/text.ts'
import { closed, listSchema, oneOfWords, textSchema } from './schema-words.ts'

const KeyIdSchema = Type.String({
  pattern: '^[0-9a-f]{12}$',
  maxLength: 12,
  examples: ['0a1b2c3d4e5f'],
  description: 'Names the key; not a secret'
})

export const KeyParamsSchema = Type.Object({ id: KeyIdSchema }, closed)

/** What a key may do, and until when. */
const grantFields = {
  id: KeyIdSchema,
  name: Type.Optional(textSchema(200, 'Who has it; need not be unique')),
  scopes: listSchema(oneOfWords(keyScopes), keyScopes.length),
  catalogues: Type.Optional(NarrowingSchema),
  cidrs: Type.Optional(listSchema(textSchema(50), 100, 'The addresses from which it may be used. Absent: any')),
  createdAt: InstantSchema,
  expiresAt: Type.Optional(InstantSchema)
}

const fields = {
  ...grantFields,
  revokedAt: Type.Optional(InstantSchema),
  lastUsedAt: Type.Optional({ ...InstantSchema, description: 'When it was used last, to the minute' }),
  previousUntil: Type.Optional({ ...InstantSchema, description: 'Until when the secret that was replaced is good' })
}

export const KeySchema = Type.Object(fields, { ...closed, title: 'Key' })

/** The key of a request, as itself may see it. */
export const MeSchema = Type.Object(
  {
    ...grantFields,
    expiresAt: Type.Optional({ ...InstantSchema, description: 'Of a secret that was replaced: when that ends' })
  },
  { ...closed, title: 'Me' }
)

export const KeyWithSecretSchema = Type.Object(
  { ...fields, key: textSchema(100, 'What the client sends. Shown once') },
  { ...closed, title: 'KeyWithSecret' }
)
