import { PortolanError } from '../../domain/errors.ts'
import { parseJson } from '../../domain/json/json.ts'
import type { App } from './type-provider.ts'

/** Bodies are JSON, read as strictly as documents are; anything else is refused. */
export function registerJsonParser(app: App): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    const read = parseJson(typeof body === 'string' ? Buffer.from(body) : body)
    if ('fault' in read) done(new PortolanError('malformed_body', `The body ${read.fault}.`))
    else done(null, read.value)
  })
}
