import { createHash } from 'node:crypto'
import t from 'tap'
import type { ConfiguredFeed } from '../../src/catalogue/polling/feed-folder.ts'
import { acceptHeld } from '../../src/catalogue/polling/held-change.ts'
import { feedStatus } from '../../src/catalogue/polling/polled-feeds.ts'
import { loadDocument } from '../../src/catalogue/read/document.ts'
import { Fetcher } from '../../src/delivery/fetch.ts'
import { hourMs, minuteMs } from '../../src/domain/time/duration.ts'
import { formatInstant } from '../../src/domain/time/instant.ts'
import { startApp } from '../support/app.ts'
import { fc, runs } from '../support/scale.ts'
import { awsList } from './support/aws-list.ts'
import { egress, pollerOf } from './support/polling.ts'
import { type ModelList, PollingModel, plain } from './support/polling-model.ts'
import { type Answer, type Provider, startProvider, status } from './support/provider.ts'

const everyMs = 15 * minuteMs

const groups = fc
  .dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.uniqueArray(fc.constantFrom('20.50.1.1', '20.50.1.2', '20.50.1.3'), { minLength: 1 }),
    { minKeys: 1 }
  )
  .map((found) =>
    Object.fromEntries(
      Object.entries(found)
        .sort()
        .map(([group, values]) => [group, values.sort()])
    )
  )

/** What a provider does next: what it publishes, how it answers, and what is at fault with the answer. */
const steps = fc.array(
  fc.record({
    publishes: fc.oneof(
      { weight: 5, arbitrary: fc.record({ groups: fc.option(groups, { nil: undefined }), rises: fc.boolean() }) },
      { weight: 3, arbitrary: fc.constant(undefined) }
    ),
    /** How many states ago the one is that a cache answers with. */
    age: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) }),
    tag: fc.constantFrom('digest', 'moving', 'none'),
    fault: fc.oneof(
      { weight: 4, arbitrary: fc.constant('none') },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          '500',
          '429',
          'page',
          'half',
          'empty',
          'cut',
          'slow',
          'elsewhere',
          'circle',
          'wrong row',
          'no token'
        )
      }
    ),
    isRedirected: fc.boolean(),
    isAccepted: fc.boolean(),
    hours: fc.constantFrom(0, 0, 0, 1, 30)
  }),
  { minLength: 1, maxLength: 14 }
)
type Step = typeof steps extends fc.Arbitrary<readonly (infer Each)[]> ? Each : never

/** Answers as the step says. It never ends an answer that is slow. */
function answerOf(step: Step, list: ModelList, { origin, asked: { length: asked } }: Provider): Answer {
  const text = awsList(list)
  const send =
    (body: string): Answer =>
    (response, { headers }) => {
      const name = step.tag === 'moving' ? asked : createHash('sha256').update(body).digest('hex')
      const tag = step.tag === 'none' ? undefined : `"${name}"`
      if (tag !== undefined && headers['if-none-match'] === tag) response.writeHead(304).end()
      else response.writeHead(200, tag === undefined ? {} : { etag: tag }).end(body)
    }
  switch (step.fault) {
    case 'none':
      return (response, asked) => {
        if (step.isRedirected && asked.path === '/list') response.writeHead(302, { location: '/moved' }).end()
        else send(text)(response, asked)
      }
    case '500':
    case '429':
      return status(Number(step.fault), { 'retry-after': '60' })
    case 'page':
      return send('<!DOCTYPE html><title>502 Bad Gateway</title>')
    case 'half':
      return send(text.slice(0, text.length / 2))
    case 'empty':
      return send(awsList({ ...list, groups: {} }))
    case 'cut':
      return (response) => {
        response.writeHead(200, { 'content-length': text.length + 1 })
        response.write(text, () => response.destroy())
      }
    case 'slow':
      return (response) => void response.writeHead(200, { 'content-length': text.length + 1 }).write(text)
    case 'elsewhere':
      return status(302, { location: `${origin.replace('127.0.0.1', '127.0.0.2')}/list` })
    case 'circle':
      return status(302, { location: '/list' })
    case 'wrong row':
      return send(text.replace('"region":"r-1"', '"region":7'))
    case 'no token':
      return send(text.replace('"syncToken"', '"token"'))
    default:
      throw new Error(`unknown fault ${step.fault}`)
  }
}

t.test('whatever a provider answers, what is published is what the plain model says', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { catalogues } = app
  const provider = await startProvider(t, status(500))
  const hasty = new Fetcher({ egress, userAgent: 'Portolan/test', now: catalogues.now, deadlineMs: 100 })
  t.teardown(() => hasty.close())
  let run = 0
  const play = async (story: readonly Step[], periods: { readonly lingerMs: number; readonly settleMs: number }) => {
    run += 1
    const id = `feed.run-${run}`
    const url = `${provider.origin}/list`
    const feed: ConfiguredFeed = { id, adapter: 'aws', url, every: 'PT15M', everyMs, ...periods }
    let isSlow = false
    const poller = pollerOf(t, app, feed, (fetcher) => (isSlow ? hasty : fetcher))
    const model = new PollingModel()
    const published: ModelList[] = [{ groups: { a: ['20.50.1.1', '20.50.1.2'] }, token: 100 }]
    for (const step of story) {
      const newest = published[0]
      if (!newest) throw new Error('nothing is published')
      if (step.publishes) {
        const { groups = newest.groups, rises } = step.publishes
        published.unshift({ groups, token: newest.token + (rises ? 1 : 0) })
      }
      const list = published[Math.min(step.age, published.length - 1)] ?? newest
      provider.answer = answerOf(step, list, provider)
      isSlow = step.fault === 'slow'
      const due = (await feedStatus(catalogues, [feed], id)).record.next
      await app.timePasses(formatInstant(Math.max(app.clock.now, due) + step.hours * hourMs))
      await poller.look()
      if (step.fault === 'none') model.see(list, app.clock.now, periods)
      else model.fail()
      if (step.isAccepted && model.held) {
        await acceptHeld(catalogues, { id, reason: 'It is right.' })
        model.accept()
      }
      const { record } = await feedStatus(catalogues, [feed], id)
      const head = catalogues.heads.get(id)
      const { requirements = [] } = head ? await loadDocument(catalogues, head.revision) : {}
      const rows = requirements.flatMap(({ key, endpoints }) =>
        endpoints.map((each): readonly [string, number | null] => [
          `${key.replace('.r-1', '')} ${'value' in each ? each.value : 'any'}`,
          each.until === undefined ? null : Date.parse(each.until)
        ])
      )
      const seen = {
        rows: plain(rows),
        revisions: head?.revision.number ?? 0,
        token: record.token,
        isFailing: record.failures > 0,
        isBehind: record.behind !== undefined && record.failures === 0,
        isHeld: record.held !== undefined
      }
      const expected = {
        rows: plain(model.ends),
        revisions: model.revisions,
        token: model.token === undefined ? undefined : String(model.token),
        isFailing: model.isFailing,
        isBehind: model.isBehind && !model.isFailing,
        isHeld: model.held !== undefined
      }
      if (JSON.stringify(seen) !== JSON.stringify(expected))
        throw new Error(
          `at ${JSON.stringify(step)}: ${JSON.stringify(seen)}, and the model says ${JSON.stringify(expected)}`
        )
    }
    await poller.close()
  }
  const lingers = fc.constantFrom(0, 20 * minuteMs, 24 * hourMs)
  const settles = fc.constantFrom(0, 0, 20 * minuteMs)
  await fc.assert(
    fc.asyncProperty(steps, lingers, settles, (story, lingerMs, settleMs) => play(story, { lingerMs, settleMs })),
    { numRuns: runs(25) }
  )
  t.pass()
})
