import { readFileSync } from 'node:fs'
import { buildSchema } from 'graphql'
import t from 'tap'
import { openStore } from '../../src/store/open.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { documentInput, requirementInput } from '../support/document.ts'
import { noPostgres } from '../support/engine.ts'
import { postgresServer } from '../support/postgres.ts'
import { repository } from '../support/repository.ts'

t.setTimeout(600_000)
const server = postgresServer(t)
const options = { skip: noPostgres }

/** A catalogue of which one process has just published a second revision, with a requirement that is new in it. */
interface Written {
  readonly id: string
  /** The seq of that revision. */
  readonly seq: string
  /** The cursor of a mirror that has it. */
  readonly cursor: string
}

const key = 'new-in-two'

/** What a placeholder in a path is, where it names something that a process may not know yet. */
const names: Readonly<Record<string, string | undefined>> = { number: '2', key, format: 'edl-ip', file: 'all.txt' }

/** Root fields that take no name of what a process may not know yet: they list what it knows. */
const lists = ['_service', 'audit', 'catalogues', 'formats', 'lookup', 'subscriptions']
/** Of these the store itself is asked. */
const storeAsked = ['subscription']
const fields: Readonly<Record<string, (written: Written) => string>> = {
  catalogue: ({ id }) => `catalogue(id: "${id}", asOf: "2") { requirement(key: "${key}") { key } }`,
  node: ({ id }) => `node(id: "${id}@2") { id }`,
  nodes: ({ id }) => `nodes(ids: ["${id}", "${id}@2"]) { id }`,
  _entities: ({ id }) => `_entities(representations: [{ __typename: "Catalogue", id: "${id}" }]) { __typename }`,
  events: ({ seq }) => `events(after: ${seq}) { nodes { seq } }`,
  delta: ({ cursor }) => `delta(cursor: "${cursor}") { seq }`
}

t.test(
  'every route and every root field knows by its name what another process has just written',
  options,
  async (t) => {
    const url = await server.database()
    const start = async () => {
      const store = await openStore(url)
      return startApp(t, { store, isSeeded: false, isTicking: true, isUnwatched: true })
    }
    const [near, far] = [await start(), await start()]
    let count = 0

    await t.test('routes', async (t) => {
      const named = far.routes.filter(({ method, path }) => method === 'GET' && /^\/v1\/catalogues\/:id/.test(path))
      let tried = 0
      for (const { path } of named) {
        count += 1
        const { id } = await write(near, `routed-${count}`)
        const filled = path.replace(/:(\w+)/g, (_, name: string) => (name === 'id' ? id : (names[name] ?? name)))
        const asked = /\/(diff|change-pack)$/.test(path) ? `${filled}?from=1&to=2` : filled
        const answer = await far.request(asked)
        // Some take another method only.
        if (answer.statusCode === 405) continue
        t.equal(answer.statusCode, 200, asked)
        tried += 1
      }
      t.ok(tried >= 15, `${tried} routes`)
    })

    await t.test('root fields', async (t) => {
      const schema = buildSchema(readFileSync(`${repository}/schema/portolan.graphql`, 'utf8'), {
        assumeValidSDL: true
      })
      const known = Object.keys(schema.getQueryType()?.getFields() ?? {})
      t.same(
        known.filter((field) => ![...lists, ...storeAsked, ...Object.keys(fields)].includes(field)),
        [],
        'each field is of one kind'
      )
      for (const [field, write_] of Object.entries(fields)) {
        count += 1
        const query = `{ ${write_(await write(near, `field-${count}`))} }`
        const { data, errors } = (await far.request({ method: 'POST', url: '/graphql', payload: { query } })).json()
        t.equal(errors, undefined, query)
        t.notOk(JSON.stringify(data).includes('null'), `${field}: ${JSON.stringify(data)}`)
      }
    })

    await t.test('a part of a catalogue that is known already, and an answer that was given before', async (t) => {
      const { id } = await write(near, 'kept', 1)
      const query = `{ catalogue(id: "${id}") { requirement(key: "${key}") { key } } node(id: "${id}@2") { id } }`
      const ask = async () => (await far.request({ method: 'POST', url: '/graphql', payload: { query } })).json().data
      for (let times = 0; times < 3; times += 1) t.same(await ask(), { catalogue: { requirement: null }, node: null })
      await write(near, 'kept', 2)
      t.match(await ask(), { catalogue: { requirement: { key } }, node: { id: `${id}@2` } })
    })
  }
)

/** Publishes the first revision, the second one, or both. */
async function write(app: TestApp, id: string, only?: 1 | 2): Promise<Written> {
  const authorization = await app.key('catalogue:publish')
  const endpoints = [{ kind: 'address', value: '20.0.0.1' }]
  let seq = ''
  for (const number of only ? [only] : [1, 2]) {
    const requirements = [
      requirementInput({ endpoints }),
      ...(number === 2 ? [requirementInput({ key, endpoints })] : [])
    ]
    const answer = await app.request({
      method: 'PUT',
      url: `/v1/catalogues/${id}/document`,
      headers: {
        ...authorization,
        'content-type': 'application/json',
        ...(number === 1 ? { 'if-none-match': '*' } : { 'if-match': '*' })
      },
      payload: JSON.stringify(documentInput({ id, requirements }))
    })
    if (answer.statusCode !== 201) throw new Error(answer.body)
    seq = String(answer.headers['portolan-seq'])
  }
  return { id, seq, cursor: (await app.request('/v1/delta?cursor=latest')).json().page.cursor }
}
