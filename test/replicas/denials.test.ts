import t, { type Test } from 'tap'
import { openStore } from '../../src/store/open.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { documentInput } from '../support/document.ts'
import { noPostgres } from '../support/engine.ts'
import { postgresServer } from '../support/postgres.ts'
import { runs } from '../support/scale.ts'

t.setTimeout(600_000)
const server = postgresServer(t)
const options = { skip: noPostgres }
/** How often each row of the table is tried. */
const tries = runs(100)

/** Two processes on one store, of which the second one learns of a commit only when it asks. */
async function twoReplicas(t: Test): Promise<readonly [TestApp, TestApp]> {
  const url = await server.database()
  const start = async () =>
    startApp(t, { store: await openStore(url), isSeeded: false, isTicking: true, isUnwatched: true })
  return [await start(), await start()]
}

async function put(app: TestApp, id: string, title: string, headers: Record<string, string>) {
  return app.request({
    method: 'PUT',
    url: `/v1/catalogues/${id}/document`,
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(documentInput({ id, title }))
  })
}

t.test('a process that is behind denies nothing that another one has just written', options, async (t) => {
  const [near, far] = await twoReplicas(t)
  const key = await near.key('catalogue:publish')
  const falseAnswers: Record<string, number> = {}
  const expect = (row: string, isRight: boolean) => {
    falseAnswers[row] = (falseAnswers[row] ?? 0) + (isRight ? 0 : 1)
  }
  for (let index = 0; index < tries; index += 1) {
    const id = `product-${index}`
    const path = `/v1/catalogues/${id}`
    await put(near, id, 'one', { ...key, 'if-none-match': '*' })
    expect('GET of a new catalogue', (await far.request(path)).statusCode === 200)
    const query = `{ catalogue(id: "${id}") { title } }`
    await put(near, id, 'two', { ...key, 'if-match': '*' })
    expect('GET of a new revision by number', (await far.request(`${path}?asOf=2`)).statusCode === 200)
    await put(near, id, 'three', { ...key, 'if-match': '*' })
    expect('GET of a new revision by its path', (await far.request(`${path}/revisions/3`)).statusCode === 200)
    const fourth = await put(near, id, 'four', { ...key, 'if-match': '*' })
    const fifth = await put(far, id, 'five', { ...key, 'if-match': String(fourth.headers.etag) })
    expect('PUT with the tag of the head', fifth.statusCode === 201)
    const sixth = await put(near, id, 'six', { ...key, 'if-match': '*' })
    const back = await put(far, id, 'five', { ...key, 'if-match': String(fifth.headers.etag) })
    expect('PUT of what was the head before', sixth.statusCode === 201 && back.statusCode === 412)
    const fresh = await near.key('subscriptions:write')
    expect('a key just made', (await far.request({ url: '/v1/subscriptions', headers: fresh })).statusCode === 200)
    const seventh = await put(near, id, 'seven', { ...key, 'if-match': '*' })
    const seq = String(seventh.headers['portolan-seq'])
    const read = await far.request({ url: path, headers: { 'portolan-min-seq': seq } })
    expect('GET that must know an event', read.json().title === 'seven')
    await put(near, `${id}-graph`, 'one', { ...key, 'if-none-match': '*' })
    const graph = await far.request({
      method: 'POST',
      url: '/graphql',
      payload: { query: query.replace(id, `${id}-graph`) }
    })
    expect('GraphQL of a new catalogue', graph.json().data?.catalogue?.title === 'one')
  }
  t.equal(Object.keys(falseAnswers).length, 8)
  t.same(
    Object.values(falseAnswers).filter((count) => count > 0),
    [],
    JSON.stringify(falseAnswers)
  )
})

t.test('an answer that must know an event waits a second for it, also where it is kept', options, async (t) => {
  const [near, far] = await twoReplicas(t)
  const key = await near.key('catalogue:publish')
  const path = '/v1/catalogues/product-1'
  const first = await put(near, 'product-1', 'one', { ...key, 'if-none-match': '*' })
  const address = await far.listen()
  const read = async (seq?: string) =>
    fetch(`${address}${path}`, seq === undefined ? {} : { headers: { 'portolan-min-seq': seq } })
  for (let times = 0; times < 3; times += 1) t.match(await (await read()).json(), { title: 'one' })
  const seq = Number(first.headers['portolan-seq'])
  const early = await read(String(seq + 1))
  t.equal(early.status, 503)
  t.ok(early.headers.get('retry-after'))
  t.match(await early.json(), { code: 'behind' })
  const waiting = read(String(seq + 2))
  await put(near, 'product-1', 'two', { ...key, 'if-match': '*' })
  const second = await put(near, 'product-1', 'three', { ...key, 'if-match': '*' })
  t.equal(Number(second.headers['portolan-seq']), seq + 2)
  await far.catalogues.heads.refresh()
  t.match(await (await waiting).json(), { title: 'three' }, 'it came meanwhile')
  t.equal((await read('2x')).status, 400)
  t.equal((await read(String(seq + 2))).status, 200)
})

t.test('many who ask for what is not there ask the store once', options, async (t) => {
  const [, far] = await twoReplicas(t)
  let asked = 0
  const { store } = far.catalogues
  const { pulse } = store
  Object.assign(store, {
    pulse: () => {
      asked += 1
      return pulse()
    }
  })
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => far.request(`/v1/catalogues/none-${index}`))
  )
  t.ok(answers.every(({ statusCode }) => statusCode === 404))
  t.ok(asked >= 1 && asked <= 10, `${asked} questions`)
})
