import Type, { type TSchema } from 'typebox'

export { closed as strict, nullable, oneOfWords as words } from '../../domain/schema-words.ts'

const noted = (description: string | undefined) => (description === undefined ? {} : { description })

export const textSchema = (maxLength: number, description?: string) => Type.String({ maxLength, ...noted(description) })
export const integerSchema = (minimum: number, maximum: number, description?: string) =>
  Type.Integer({ minimum, maximum, ...noted(description) })
export const listSchema = <T extends TSchema>(item: T, maxItems: number, description?: string) =>
  Type.Array(item, { maxItems, ...noted(description) })

/** What a body of the largest size that is taken could hold, and then some: no list that is answered is longer. */
export const mostRows = 2_000_000

/** A body of another kind than JSON. */
export const largestText = 1_000_000_000

export const CountSchema = integerSchema(0, 2_147_483_647)
export const SeqSchema = integerSchema(1, Number.MAX_SAFE_INTEGER, 'Place in the log: gapless over all catalogues')
export const EpochSchema = textSchema(100, 'Names this store: another epoch means another log, whose seq begin anew')
export const RevisionNumberSchema = integerSchema(1, 1_000_000_000, 'Number of the revision within its catalogue')
export const LabelSchema = textSchema(100, "The author's name for the edition; labels may repeat")
export const DigestSchema = Type.String({
  pattern: '^sha256:[0-9a-f]{64}$',
  maxLength: 71,
  description: 'SHA-256 over the RFC 8785 form'
})
/** A link to this service: longer than what authors may write, since it repeats the filters of the request. */
export const LinkSchema = Type.String({ format: 'uri', maxLength: 20_000 })
/** A JSON Pointer, RFC 6901. */
export const PointerSchema = (description: string) =>
  Type.String({ format: 'json-pointer', maxLength: 100_000, description })
