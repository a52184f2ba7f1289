import { readFileSync } from 'node:fs'
import { buildSchema, isObjectType } from 'graphql'

export const schemaFile = '../../schema/portolan.graphql'
export const sdl = readFileSync(new URL(schemaFile, import.meta.url), 'utf8')

const types = Object.values(buildSchema(sdl).getTypeMap()).filter(
  (type) => isObjectType(type) && !type.name.startsWith('__')
)

/** What a cache joins the objects of a type by: `pin` where the type has one, for it names the time of the read too. */
export const keyOf: Readonly<Record<string, 'pin' | 'id' | undefined>> = Object.fromEntries(
  types.map((type) => {
    const fields = isObjectType(type) ? type.getFields() : {}
    return [type.name, 'pin' in fields ? 'pin' : 'id' in fields ? 'id' : undefined]
  })
)
