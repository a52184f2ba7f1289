import t from 'tap'
import { acceptHeld } from '../../src/catalogue/polling/held-change.ts'
import { hourMs } from '../../src/domain/time/duration.ts'
import { formatInstant } from '../../src/domain/time/instant.ts'
import { awsList } from './support/aws-list.ts'
import { id, startPolling } from './support/polling.ts'
import type { ModelList } from './support/polling-model.ts'
import { list } from './support/provider.ts'

const [one, two] = ['20.50.1.1', '20.50.1.2']
const answered = (groups: ModelList['groups'], token: number) =>
  list(awsList({ groups, token }), `"${token} ${Object.values(groups)}"`)

t.test(
  'a token that goes back with other content is behind, and nothing is published until it has caught up',
  async (t) => {
    const polling = await startPolling(t, { adapter: 'aws', answer: answered({ a: [one] }, 100) })
    const { provider, nextFetch, status: now, revisions } = polling
    await nextFetch()
    provider.answer = answered({ a: [one, two] }, 105)
    await nextFetch()
    t.equal(revisions(), 2)
    for (const token of [100, 104]) {
      provider.answer = answered({ a: [one] }, token)
      await nextFetch()
      t.match(await now(), { state: 'behind', record: { token: '105', behind: String(token) } })
    }
    t.equal(revisions(), 2)
    provider.answer = answered({ a: [one, two] }, 106)
    await nextFetch()
    t.match(await now(), { state: 'current', record: { token: '106', lastFetch: { outcome: 'unchanged' } } })
    provider.answer = answered({ a: [one, two, '20.50.1.3'] }, 105)
    await nextFetch()
    t.match(await now(), { state: 'behind' }, 'the token of equal content was the newest that was seen')
    provider.answer = answered({ a: [one, two, '20.50.1.3'] }, 107)
    await nextFetch()
    t.match(await now(), { state: 'current', record: { behind: undefined, lastFetch: { outcome: 'published' } } })
  }
)

t.test('equal tokens with other content are published', async (t) => {
  const { provider, nextFetch, revisions } = await startPolling(t, {
    adapter: 'aws',
    answer: answered({ a: [one] }, 100)
  })
  await nextFetch()
  provider.answer = answered({ a: [one, two] }, 100)
  await nextFetch()
  t.equal(revisions(), 2)
})

t.test('a group that vanishes is held, and keeps its requirement until its last row has ended', async (t) => {
  const both = { a: [one], b: [two] }
  const polling = await startPolling(t, { adapter: 'aws', lingerMs: 24 * hourMs, answer: answered(both, 100) })
  const { app, provider, nextFetch, status: now } = polling
  const keys = async () => (await polling.document())?.requirements.map(({ key }) => key)
  await nextFetch()
  provider.answer = answered({ a: [one] }, 101)
  await nextFetch()
  t.match(await now(), { record: { held: { findings: [{ rule: 'requirement_emptied', pointer: /b\.r-1/ }] } } })
  await acceptHeld(app.catalogues, { id, reason: 'It is right.' })
  const end = app.clock.now + 24 * hourMs
  t.strictSame(await polling.values(), { [one]: undefined, [two]: formatInstant(end) })
  provider.answer = answered({ a: [one, '20.50.1.3'] }, 102)
  await nextFetch()
  t.strictSame(await keys(), ['a.r-1', 'b.r-1'], 'its row holds')
  await app.timePasses(formatInstant(end))
  await nextFetch()
  t.strictSame(await keys(), ['a.r-1', 'b.r-1'], 'an end alone makes no revision')
  provider.answer = answered({ a: [one, '20.50.1.3', '20.50.1.4'] }, 103)
  await nextFetch()
  t.strictSame(await keys(), ['a.r-1'])
})

t.test('without lingering, a group that vanishes is held too', async (t) => {
  const answer = answered({ a: [one], b: [two] }, 100)
  const { provider, nextFetch, status: now, revisions } = await startPolling(t, { adapter: 'aws', answer })
  await nextFetch()
  provider.answer = answered({ a: [one] }, 101)
  await nextFetch()
  t.match(await now(), { state: 'held', record: { held: { findings: [{ rule: 'requirement_emptied' }] } } })
  t.equal(revisions(), 1)
})
