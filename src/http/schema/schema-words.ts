import Type, { type TSchema } from 'typebox'

import { closed, nullable } from '../../domain/schema-words.ts'

export { closed, nullable, oneOfWords } from '../../domain/schema-words.ts'

const withDescription = (description: string | undefined) => (description === undefined ? {} : { description })

export const textSchema = (maxLength: number, description?: string) =>
  Type.String({ maxLength, ...withDescription(description) })
export const integerSchema = (minimum: number, maximum: number, description?: string) =>
  Type.Integer({ minimum, maximum, ...withDescription(description) })
export const listSchema = <T extends TSchema>(item: T, maxItems: number, description?: string) =>
  Type.Array(item, { maxItems, ...withDescription(description) })

/** No list in an answer is longer: the largest document that can be published has fewer rows. */
export const mostRows = 2_000_000

/** The most characters of a body that is not JSON. */
export const largestText = 1_000_000_000

export const CountSchema = integerSchema(0, 2_147_483_647)
export const SeqSchema = integerSchema(1, Number.MAX_SAFE_INTEGER, 'Place in the log, gapless over all catalogues')
export const EpochSchema = textSchema(
  100,
  'Names this store. Another epoch means another log, in which `seq` starts again'
)
export const RevisionNumberSchema = integerSchema(1, 1_000_000_000, 'Number of the revision within its catalogue')
export const LabelSchema = textSchema(100, "The author's name for the edition; labels may repeat")
export const DigestSchema = Type.String({
  pattern: '^sha256:[0-9a-f]{64}$',
  maxLength: 71,
  description: 'SHA-256 over the RFC 8785 form'
})
/** A link to this service. It may be longer than a URL that an author writes, since it repeats the filters of the request. */
export const LinkSchema = Type.String({ format: 'uri', maxLength: 20_000 })
/** A JSON Pointer, RFC 6901. */
export const PointerSchema = (description: string) =>
  Type.String({ format: 'json-pointer', maxLength: 100_000, description })

export const PageSchema = Type.Object(
  {
    next: nullable(LinkSchema),
    cursor: nullable(textSchema(4000, 'The parameter `cursor` of `next`'))
  },
  { ...closed, title: 'Page', description: 'Both are null on the last page' }
)
