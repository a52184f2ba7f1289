import type { TestApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'

export const feedUrl = 'https://lists.example.net/ranges.json'
export const feedPath = '/v1/catalogues/feed.ranges'
export const productPath = '/v1/catalogues/product-1'

type Rows = readonly unknown[]

/** The document of a feed, as an importer writes it: one requirement of each name. */
export function feedInput(
  rows: Readonly<Record<string, Rows>>,
  { id = 'feed.ranges', label = '1', url = feedUrl, adapter = 'text' } = {}
) {
  return documentInput({
    id,
    title: 'Ranges',
    announces: false,
    edition: {
      label,
      summary: 'Imported',
      source: { adapter, url, token: label, digest: `sha256:${'0'.repeat(64)}` }
    },
    requirements: Object.entries(rows).map(([key, endpoints]) =>
      requirementInput({ key, title: key, direction: 'both', services: [{ transport: 'any' }], endpoints })
    )
  })
}

/** A product with one requirement that refers to the feed beside a host of its own. */
export function productInput(reference: Readonly<Record<string, unknown>> = {}, label = '1') {
  return documentInput({
    edition: { label, summary: 'A summary' },
    requirements: [
      requirementInput({
        endpoints: [
          { kind: 'host', value: 'updates.example.net' },
          { kind: 'feed', value: 'ranges', url: 'https://LISTS.example.net/ranges.json', ...reference }
        ]
      }),
      requirementInput({ key: 'ntp', title: 'NTP', services: [{ transport: 'udp', ports: [123] }] })
    ]
  })
}

export const address = (value: string, rest: Readonly<Record<string, unknown>> = {}) => ({
  kind: 'address',
  value,
  ...rest
})

/** Publishes documents one after the other, each as the newest revision of its catalogue. */
export function publisher(app: TestApp) {
  return async (...documents: readonly ReturnType<typeof documentInput>[]) => {
    const headers = await app.key('catalogue:publish', 'catalogue:override')
    for (const document of documents) {
      const url = `/v1/catalogues/${document.id}/document`
      const { statusCode, headers: known } = await app.request(url)
      const { statusCode: published, body } = await app.request({
        method: 'PUT',
        url: `${url}?override=mass_removal&override=unannounced_removal&override=requirement_emptied&reason=test`,
        headers: {
          ...headers,
          'content-type': 'application/json',
          ...(statusCode === 200 ? { 'if-match': String(known.etag) } : { 'if-none-match': '*' })
        },
        payload: JSON.stringify(document)
      })
      if (published !== 201) throw new Error(body)
    }
  }
}
