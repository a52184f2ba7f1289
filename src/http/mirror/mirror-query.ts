import Type, { type Static } from 'typebox'
import { mirrorTypes } from '../../domain/mirror/mirror.ts'
import type { MirrorQuery } from '../../domain/mirror/mirror-query.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { filterFields } from '../request/query.ts'
import { strict, words } from '../schema/schema-words.ts'

const many = { maxItems: 1000 }

/** Which part of everything is mirrored. */
export const mirrorFields = {
  ...filterFields,
  catalogue: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      ...many,
      examples: [['clearswift-exchange-gateway-4.8']],
      description: 'Ids of catalogues. Default: all, those to come too'
    })
  )
}
export const typeFields = {
  type: Type.Optional(
    Type.Array(words(mirrorTypes), { ...many, examples: [['endpoint']], description: 'Types of objects. Default: all' })
  )
}

const QuerySchema = Type.Object({ ...mirrorFields, ...typeFields }, strict)

/** @throws PortolanError `invalid_parameter` */
export function mirrorQueryOf({ catalogue, type, ...filter }: Static<typeof QuerySchema>): MirrorQuery {
  return { filter: filterOf(filter), ...(catalogue && { catalogues: catalogue }), types: type ?? mirrorTypes }
}
