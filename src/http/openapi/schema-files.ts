import { readdirSync, readFileSync } from 'node:fs'
import Type from 'typebox'
import { PortolanError } from '../../domain/errors.ts'
import { suggestion } from '../../domain/nearest-name.ts'
import { contentTag, isNotModified } from '../../domain/read/etag.ts'
import { baseOf, type RouteContext } from '../answer/send-point.ts'
import type { App } from '../request/type-provider.ts'
import { closed } from '../schema/schema-words.ts'

/** The generated schemas. `src` and `dist` lie equally deep. */
const folder = new URL('../../../schema/', import.meta.url)
const ending = '.schema.json'

/**
 * The JSON Schemas of what Portolan reads and answers, at the paths that are their `$id`. Editors ask for that of documents, from any origin
 * and without a key.
 */
export function schemaFileRoutes(app: App, context: RouteContext): void {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
  // Each is read when it is asked for first: most services are never asked.
  const schemas = new Map<string, object>()
  app.get(
    '/schema/:file',
    {
      config: { access: 'open' },
      schema: { hide: true, params: Type.Object({ file: Type.String({ maxLength: 300 }) }, closed) }
    },
    async (request, reply) => {
      const { file } = request.params
      const name = names.find((each) => `${each}${ending}` === file)
      if (name === undefined)
        throw new PortolanError('not_found', `There is no schema ${file}${suggestion(file.replace(ending, ''), names)}`)
      const schema = schemas.get(name) ?? readSchema(name)
      schemas.set(name, schema)
      // It has the URL at which it is asked for.
      const id = `${baseOf(context, request)}/schema/${file}`
      const body = Buffer.from(`${JSON.stringify({ ...schema, $id: id }, null, 2)}\n`)
      const tag = `"${contentTag(body, 'json')}"`
      reply.header('etag', tag).header('cache-control', 'max-age=3600').header('access-control-allow-origin', '*')
      if (isNotModified(request.headers['if-none-match'], tag)) return reply.code(304).send()
      return reply.type('application/schema+json').send(body)
    }
  )
}

function readSchema(name: string): object {
  return JSON.parse(readFileSync(new URL(`${name}${ending}`, folder), 'utf8'))
}
