import type { Test } from 'tap'
import type { Store } from '../../../src/store/store.ts'
import { startApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'

/** 50 publishers, each with a document of its own and the same knowledge of the head, in several rounds. */
export async function publishersRace(t: Test, store: Store): Promise<void> {
  const app = await startApp(t, { isSeeded: false, store })
  const key = await app.key('catalogue:publish')
  const path = '/v1/catalogues/product-1'
  const put = (title: string, headers: Record<string, string>) =>
    app.request({
      method: 'PUT',
      url: `${path}/document`,
      headers: { 'content-type': 'application/json', ...key, ...headers },
      payload: JSON.stringify(documentInput({ title, requirements: [requirementInput()] }))
    })

  let precondition: Record<string, string> = { 'if-none-match': '*' }
  for (let round = 1; round <= 3; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const answer = await put(`Round ${round}, publisher ${index}`, precondition)
        if (answer.statusCode !== 201) return answer
        const read = await app.request(`${path}/document`)
        t.equal(read.json().title, `Round ${round}, publisher ${index}`, 'what was published is read at once')
        t.equal(read.headers.etag, answer.headers.etag)
        return answer
      })
    )
    const codes = answers.map(({ statusCode }) => statusCode).sort()
    t.strictSame(
      codes,
      [201, ...Array.from({ length: 49 }, () => 412)],
      `round ${round}: one wins, every loser is told`
    )
    precondition = { 'if-match': String((await app.request(`${path}/document`)).headers.etag) }
  }
  const { items } = (await app.request(`${path}/revisions`)).json()
  t.strictSame(
    items.map(({ number }: { number: number }) => number),
    [3, 2, 1],
    'revisions are gapless'
  )
  const events = (await app.request('/v1/events')).json().items
  t.strictSame(
    events.map(({ seq }: { seq: number }) => seq),
    [1, 2, 3],
    'and so is the log'
  )
}
