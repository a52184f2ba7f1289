import { IsObject } from 'typebox'
import { PortolanError } from '../../domain/errors.ts'
import { parseJson } from '../../domain/json/json.ts'
import type { App } from './type-provider.ts'

/** Bodies are JSON, read as strictly as documents are; anything else is refused. A body without a byte is none, whatever its type. */
export function registerJsonParser(app: App): void {
  app.removeAllContentTypeParsers()
  app.addHook('preParsing', async ({ headers }) => {
    // Clients announce a type for every request, or have a form as their default, such as `curl -d ''`.
    if (headers['content-length'] === '0') delete headers['content-type']
  })
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined && needsNoMember(request.routeOptions.schema?.body)) request.body = {}
  })
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    if (body.length === 0) return done(null, undefined)
    const read = parseJson(typeof body === 'string' ? Buffer.from(body) : body)
    if ('fault' in read) done(new PortolanError('malformed_body', `The body ${read.fault}.`))
    else done(null, read.value)
  })
}

/** Whether a body is optional: it is an object that needs no member. */
function needsNoMember(schema: unknown): boolean {
  if (!IsObject(schema)) return false
  // TypeBox leaves the list out where nothing is required.
  const required: readonly string[] | undefined = schema.required
  return (required ?? []).length === 0
}
