import Type from 'typebox'
import { parseAsOf } from '../../domain/read/as-of.ts'
import {
  type FeedsAsOf,
  type Resolve,
  readFeedsAsOf,
  resolves,
  type WrittenResolve
} from '../../domain/read/feeds-as-of.ts'
import { oneOfWords } from '../schema/schema-words.ts'

/** How references to feeds are read. `byDefault`: without the parameter. */
export function resolveFields(byDefault: Resolve) {
  return {
    resolve: Type.Optional({
      ...oneOfWords(
        resolves,
        `Whether rows of feeds stand in the place of references to them. Default: \`${byDefault}\``
      ),
      examples: ['feeds']
    }),
    feedsAsOf: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 300 }), {
        description:
          'What feeds had published: an instant, or `CATALOGUE:NUMBER`, the revision of the catalogue of a feed; repeated for several. Default: the instant of `asOf` where it is one, else now.',
        maxItems: 100,
        examples: [['feed.aws-ip-ranges:3']]
      })
    )
  }
}

/**
 * The clock of feeds; undefined where references to them are not resolved.
 * @throws PortolanError `invalid_instant`, `invalid_parameter`
 */
export function feedsAsOfQuery(
  query: WrittenResolve & { readonly asOf?: string },
  byDefault?: Resolve
): FeedsAsOf | undefined {
  return readFeedsAsOf(query, parseAsOf(query.asOf), byDefault)
}
