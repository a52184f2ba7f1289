import Type, { type Static } from 'typebox'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { mirrorTypes } from '../../domain/mirror/mirror.ts'
import type { MirrorQuery } from '../../domain/mirror/mirror-query.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { filterFields } from '../request/query.ts'
import { closed, oneOfWords } from '../schema/schema-words.ts'

const many = { maxItems: 1000 }

/** The parameters that select what is mirrored. */
export const mirrorFields = {
  ...filterFields,
  catalogue: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      ...many,
      examples: [['clearswift-exchange-gateway-4.8']],
      description: 'Ids of catalogues. Default: all, including later ones'
    })
  )
}
export const typeFields = {
  type: Type.Optional(
    Type.Array(oneOfWords(mirrorTypes), {
      ...many,
      examples: [['endpoint']],
      description: 'Types of objects. Default: all'
    })
  )
}

const QuerySchema = Type.Object({ ...mirrorFields, ...typeFields }, closed)

/** @throws PortolanError `invalid_parameter` */
export function mirrorQueryOf(
  { catalogue, type, ...filter }: Static<typeof QuerySchema>,
  { narrowing }: Pick<Catalogues, 'narrowing'>
): MirrorQuery {
  return {
    filter: filterOf(filter),
    ...(catalogue && { catalogues: catalogue }),
    ...(narrowing && { within: narrowing }),
    types: type ?? mirrorTypes
  }
}
