import type { TestApp } from '../../support/app.ts'
import { documentInput } from '../../support/document.ts'

/** Publishes one more revision of a catalogue, whatever its head is. */
export async function publishTitle(app: TestApp, catalogue: string, title: string) {
  const precondition = app.catalogues.heads.get(catalogue) ? { 'if-match': '*' } : { 'if-none-match': '*' }
  const answer = await app.request({
    method: 'PUT',
    url: `/v1/catalogues/${catalogue}/document`,
    headers: { ...(await app.key('catalogue:publish')), 'content-type': 'application/json', ...precondition },
    payload: JSON.stringify(documentInput({ id: catalogue, title }))
  })
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return answer
}
