import type { TestApp } from '../../support/app.ts'

/** Publishes a document as the first revision of its catalogue. */
export async function publishFirst(
  { request, key }: Pick<TestApp, 'request' | 'key'>,
  document: { readonly id?: unknown } & Readonly<Record<string, unknown>>
): Promise<void> {
  const answer = await request({
    method: 'PUT',
    url: `/v1/catalogues/${document.id}/document`,
    headers: { ...(await key('catalogue:publish')), 'if-none-match': '*' },
    payload: document
  })
  if (answer.statusCode !== 201) throw new Error(answer.body)
}

/** The document of another catalogue, which goes on to need what the first one retires. */
export const otherDocument = {
  id: 'other-1.0',
  title: 'Other',
  vendor: 'Vendor',
  product: 'Other',
  version: '1.0',
  edition: { label: '1', publishedAt: '2018-10-20T00:00:00Z', summary: 'First' },
  requirements: [
    {
      key: 'mirror',
      title: 'Mirror',
      scope: 'external',
      direction: 'outbound',
      necessity: 'required',
      services: [{ transport: 'tcp', ports: [{ from: 80, to: 80 }] }],
      endpoints: [{ kind: 'address', value: '54.254.98.96' }]
    }
  ]
}

/** What an author may write that a page must not take for its own. */
export const hostile = {
  script: '<script>alert(1)</script>',
  image: '"><img src=x onerror=alert(1)>',
  rightToLeft: '\u05d0\u05d1\u05d2 (txet) \u0627\u0644\u0639',
  long: 'N'.repeat(200)
}
