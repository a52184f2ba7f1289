import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { LoggedEvent } from '../../src/domain/event/event.ts'
import { subjectId } from '../../src/domain/event/event.ts'
import { openStore } from '../../src/store/open.ts'
import { catalogueFile, clearswift, clearswiftPath, startApp, type TestApp } from '../support/app.ts'
import { documentInput, requirementInput } from '../support/document.ts'

const path = '/v1/catalogues/product-1/document'
const address = (value: string, lifetime: object = {}) => ({ kind: 'address', value, ...lifetime })

/** One requirement with these endpoints beside one that stays. */
const document = (endpoints: readonly object[], label: string, rest: object = {}) =>
  JSON.stringify(
    documentInput({
      edition: { label, summary: `Edition ${label}`, ...rest },
      requirements: [requirementInput({ endpoints: [{ kind: 'host', value: 'stays.example.net' }, ...endpoints] })]
    })
  )

async function publish(app: TestApp, endpoints: readonly object[], label: string, query = ''): Promise<number> {
  const { statusCode } = await app.request({
    method: 'PUT',
    url: `${path}${query}`,
    headers: {
      'content-type': 'application/json',
      ...(await app.key('catalogue:publish', 'catalogue:override')),
      ...(label === '1' ? { 'if-none-match': '*' } : { 'if-match': '*' })
    },
    payload: document(endpoints, label)
  })
  return statusCode
}

const log = (app: TestApp): Promise<readonly LoggedEvent[]> => app.catalogues.store.events({ after: 0, limit: 1000 })
const told = async (app: TestApp) =>
  (await log(app)).map(({ type, occurredAt, effectiveAt, revision }) =>
    [type.slice(10), revision.number, day(occurredAt), day(effectiveAt)].join(' ')
  )
const day = (instant: number) => new Date(instant).toISOString().slice(0, 10)

t.test(
  'the first catalogue: notices 30, 7 and 1 days before, and on 22 November 2018 six addresses retire, once',
  async (t) => {
    const app = await startApp(t, { isSeeded: false, now: '2018-10-02T00:00:00Z' })
    for (const file of ['1-pre-2.3.yaml', '2-2.3.yaml']) {
      const answer = await app.request({
        method: 'PUT',
        url: `${clearswiftPath}/document`,
        headers: {
          'content-type': 'application/yaml',
          ...(await app.key('catalogue:publish')),
          ...(file.startsWith('1') ? { 'if-none-match': '*' } : { 'if-match': '*' })
        },
        payload: catalogueFile(file)
      })
      t.equal(answer.statusCode, 201)
    }
    for (const instant of [
      '2018-10-22',
      '2018-10-23',
      '2018-11-14',
      '2018-11-15',
      '2018-11-21',
      '2018-11-22',
      '2019-01-01'
    ])
      await app.timePasses(`${instant}T00:00:00Z`)
    t.same(await told(app), [
      'created 1 2018-10-02 2018-09-01',
      'revision_published 2 2018-10-02 2018-10-01',
      'transition_upcoming 2 2018-10-23 2018-11-22',
      'transition_upcoming 2 2018-11-15 2018-11-22',
      'transition_upcoming 2 2018-11-21 2018-11-22',
      'transitioned 2 2018-11-22 2018-11-22'
    ])
    const [transition] = (await log(app)).slice(-1)
    const closed = transition?.changes.filter(({ op, impact }) => op === 'removed' && impact === 'closes') ?? []
    t.equal(new Set(closed.map(({ endpoint }) => endpoint?.value)).size, 6)
    t.ok(closed.every(({ before }) => JSON.stringify(before).includes('"retiring"')))
    t.equal(transition?.lateByMs, 0)
    t.equal(transition && subjectId(transition), clearswift)
  }
)

t.test('what was missed is told at the next look, with how late it is; of notices only the nearest', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2020-01-01T00:00:00Z' })
  await publish(app, [address('20.0.0.1', { until: '2020-02-20' }), address('20.0.0.2', { from: '2020-03-10' })], '1')
  await app.timePasses('2020-03-05T00:00:00Z')
  t.same(await told(app), [
    'created 1 2020-01-01 2020-01-01',
    'transitioned 1 2020-03-05 2020-02-20',
    'transition_upcoming 1 2020-03-05 2020-03-10'
  ])
  t.same(
    (await log(app)).map(({ lateByMs }) => lateByMs / 86_400_000),
    [0, 14, 2]
  )
  await app.timePasses('2020-03-11T00:00:00Z')
  t.equal((await told(app)).at(-1), 'transitioned 1 2020-03-11 2020-03-10', 'and no notice after the instant')
})

t.test('a history that is backfilled floods nobody', async (t) => {
  const app = await startApp(t, { now: '2026-01-01T00:00:00Z' })
  await app.timePasses('2026-02-01T00:00:00Z')
  t.same(
    (await log(app)).map(({ type }) => type),
    ['catalogue.created', 'catalogue.revision_published']
  )
})

t.test('a transition that a later revision moves or withdraws is not told', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2020-01-01T00:00:00Z' })
  await publish(app, [address('20.0.0.1', { until: '2020-01-20' }), address('20.0.0.2', { until: '2020-01-21' })], '1')
  await app.timePasses('2020-01-10T00:00:00Z')
  t.equal(await publish(app, [address('20.0.0.1', { until: '2020-01-25' }), address('20.0.0.2')], '2'), 201)
  await app.timePasses('2020-03-01T00:00:00Z')
  t.same(await told(app), [
    'created 1 2020-01-01 2020-01-01',
    'revision_published 2 2020-01-10 2020-01-10',
    'transitioned 2 2020-03-01 2020-01-25'
  ])
})

t.test(
  'a publish first tells what is due, in its own transaction; an equal one and a rehearsal tell nothing',
  async (t) => {
    const app = await startApp(t, { isSeeded: false, now: '2020-01-01T00:00:00Z' })
    const ending = [address('20.0.0.1', { until: '2020-02-20' }), address('20.0.0.2')]
    await publish(app, ending, '1')
    await app.transitions.close()
    app.clock.now = Date.parse('2020-02-21T00:00:00Z')
    t.equal(await publish(app, ending, '1', '?dryRun=true'), 200)
    const more = [...ending, address('20.0.0.3')]
    t.equal(await publish(app, more, '2', '?dryRun=true'), 200)
    t.equal((await log(app)).length, 1)
    t.equal(await publish(app, more, '2'), 201)
    t.same(await told(app), [
      'created 1 2020-01-01 2020-01-01',
      'transitioned 1 2020-02-21 2020-02-20',
      'revision_published 2 2020-02-21 2020-02-21'
    ])
    t.equal(app.catalogues.logCounters.lateTransitions, 1)
    const refused = await app.request({
      method: 'PUT',
      url: path,
      headers: { 'content-type': 'application/json', ...(await app.key('catalogue:publish')), 'if-match': '*' },
      payload: document(ending, '3', { publishedAt: '2020-02-19T00:00:00Z' })
    })
    t.equal(refused.statusCode, 422)
  }
)

t.test('after a jump of the wall clock nothing is told until it was steady, or somebody confirms it', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2020-01-01T00:00:00Z' })
  await publish(app, [address('20.0.0.1', { until: '2020-01-03' }), address('20.0.0.2', { until: '2020-01-04' })], '1')
  const ready = async () => (await app.request('/health/ready')).json()
  const metric = async () => /^portolan_clock_suspect (\d)/m.exec((await app.request('/metrics')).body)?.[1]
  t.same(await ready(), { status: 'ready' })
  t.equal(await metric(), '0')

  app.clock.now = Date.parse('2020-01-03T12:00:00Z')
  await app.transitions.look()
  t.equal((await log(app)).length, 1, 'nothing is told early')
  t.same(await ready(), {
    status: 'ready',
    clock: { state: 'suspect', since: '2020-01-03T12:00:00Z', jumpMs: 2.5 * 86_400_000 }
  })
  t.equal(await metric(), '1')
  const view = await app.request('/v1/catalogues/product-1')
  t.equal(view.json().requirements[0].endpoints.length, 2, 'what is read goes by the wall clock all along')

  const confirm = async (...scopes: ('admin' | 'catalogue:publish')[]) =>
    app.request({ method: 'POST', url: '/v1/clock/confirm', headers: await app.key(...scopes) })
  t.equal((await confirm('catalogue:publish')).statusCode, 403)
  t.same((await confirm('admin')).json(), { state: 'steady' })
  await app.transitions.look()
  const both = ['transitioned 1 2020-01-03 2020-01-03', 'transition_upcoming 1 2020-01-03 2020-01-04']
  t.same((await told(app)).slice(1), both)
  t.same(await ready(), { status: 'ready' })

  app.clock.now = Date.parse('2020-01-02T00:00:00Z')
  await app.transitions.look()
  await app.timePasses('2020-01-02T00:04:59Z')
  t.ok(app.transitions.suspicion)
  await app.timePasses('2020-01-02T00:05:00Z')
  t.notOk(app.transitions.suspicion, 'it was steady for 300 seconds')
  await app.timePasses('2020-01-05T00:00:00Z')
  t.same(
    (await told(app)).slice(1),
    [...both, 'transitioned 1 2020-01-05 2020-01-04'],
    'what was told before the jump back is not told again'
  )
})

t.test('any number of processes on one store tell each transition once', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const url = `sqlite:${join(folder, 'portolan.db')}`
  const now = '2020-01-01T00:00:00Z'
  const apps: TestApp[] = []
  for (let count = 0; count < 4; count += 1)
    apps.push(await startApp(t, { isSeeded: false, now, store: await openStore(url) }))
  const [first] = apps
  if (!first) return
  const march = (index: number) => `2020-03-${String(index + 1).padStart(2, '0')}`
  const ends = Array.from({ length: 20 }, (_, index) => address(`20.0.0.${index}`, { until: march(index) }))
  await publish(first, ends, '1')
  for (const app of apps) await app.catalogues.heads.refresh()
  for (const until of ['2020-02-15', '2020-03-01', '2020-03-05', '2020-03-06', '2020-04-01'])
    await Promise.all(apps.map((app) => app.timePasses(`${until}T00:00:00Z`)))
  const events = await log(first)
  const transitions = events.filter(({ type }) => type === 'catalogue.transitioned')
  t.same(
    transitions.map(({ effectiveAt }) => day(effectiveAt)),
    ends.map((_, index) => march(index)),
    'each once, in order'
  )
  const notices = events.filter(({ type }) => type === 'catalogue.transition_upcoming')
  t.equal(new Set(notices.map(({ effectiveAt, occurredAt }) => `${effectiveAt} ${occurredAt}`)).size, notices.length)
  t.same(
    events.map(({ seq }) => seq),
    events.map((_, index) => index + 1)
  )
})

t.test(
  'a publish and the clocks of two processes, all at once: what was due is told once, before the publish',
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
    t.teardown(() => rmSync(folder, { recursive: true }))
    const url = `sqlite:${join(folder, 'portolan.db')}`
    const now = '2020-01-01T00:00:00Z'
    const a = await startApp(t, { isSeeded: false, now, store: await openStore(url) })
    const b = await startApp(t, { isSeeded: false, now, store: await openStore(url) })
    const rounds = 8
    const ends = (from: number) =>
      Array.from({ length: rounds + 1 - from }, (_, index) =>
        address(`20.0.0.${from + index}`, { until: `2020-03-0${from + index}` })
      )
    await publish(a, ends(1), '1')
    for (let round = 1; round <= rounds; round += 1) {
      await b.catalogues.heads.refresh()
      const until = `2020-03-0${round}T00:00:00Z`
      const clocks = [a, b].map((app) => app.timePasses(until))
      // It takes away what is retired: nothing of it would be told any more.
      const [status] = await Promise.all([publish(b, ends(round + 1), String(round + 1)), ...clocks])
      t.equal(status, 201)
      await a.catalogues.heads.refresh()
    }
    const days = (await log(a))
      .filter(({ type }) => type !== 'catalogue.transition_upcoming')
      .map(({ type, effectiveAt }) => `${type.slice(10)} ${day(effectiveAt)}`)
    const expected = Array.from({ length: rounds }, (_, index) => `2020-03-0${index + 1}`)
    t.same(days, [
      'created 2020-01-01',
      ...expected.flatMap((date) => [`transitioned ${date}`, `revision_published ${date}`])
    ])
  }
)
