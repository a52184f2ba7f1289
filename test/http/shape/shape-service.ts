import type { LightMyRequestResponse } from 'fastify'
import { startApp, type TestApp, type TestAppOptions } from '../../support/app.ts'
import { documentInput } from '../../support/document.ts'

export const guid = 'b10c5ed1-bad1-445f-b386-b919946339a7'

export interface ShapeService extends TestApp {
  /** Publishes the next edition of the catalogue `product-1`, a day after the one before unless `at` says when. */
  publish(fields: Readonly<Record<string, unknown>>, at?: string): Promise<void>
  /** The parsed answer of a path, which must be found. */
  get<Answer>(url: string): Promise<Answer>
}

/** A service with an empty store, and a publisher of one catalogue. */
export async function startShapes(
  t: Parameters<typeof startApp>[0],
  options: TestAppOptions = {}
): Promise<ShapeService> {
  const app = await startApp(t, { isSeeded: false, now: '2026-03-01T09:30:00Z', ...options })
  const headers = await app.key('catalogue:publish', 'catalogue:override')
  const overrides = ['mass_removal', 'unannounced_removal', 'requirement_emptied', 'catalogue_emptied', 'short_notice']
  const query = `${overrides.map((rule) => `override=${rule}`).join('&')}&reason=test`
  const url = '/v1/catalogues/product-1/document'
  let editions = 0
  let etag: string | undefined
  return {
    ...app,
    async publish(fields, at) {
      if (at !== undefined) app.clock.now = Date.parse(at)
      else if (editions > 0) app.clock.now += 86_400_000
      editions += 1
      const edition = { label: String(editions), summary: 'A summary', ...Object(fields.edition) }
      const answer: LightMyRequestResponse = await app.request({
        method: 'PUT',
        url: `${url}?${query}`,
        headers: {
          ...headers,
          'content-type': 'application/json',
          ...(etag === undefined ? { 'if-none-match': '*' } : { 'if-match': etag })
        },
        payload: JSON.stringify(documentInput({ ...fields, edition }))
      })
      if (answer.statusCode !== 201) throw new Error(answer.body)
      etag = String(answer.headers.etag)
    },
    async get(path) {
      const answer = await app.request(path)
      if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.body}`)
      return answer.json()
    }
  }
}
