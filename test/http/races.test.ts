import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openStore } from '../../src/store/open.ts'
import { startApp } from '../support/app.ts'
import { documentInput, requirementInput } from '../support/document.ts'
import { noPostgres, noSqlite } from '../support/engine.ts'
import { postgresServer } from '../support/postgres.ts'
import { publishersRace } from './support/publishers-race.ts'

t.test('of 50 concurrent publishers one wins and the others are told, on SQLite', { skip: noSqlite }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  await publishersRace(t, await openStore(`sqlite:${join(folder, 'race.db')}`))
})

t.test(
  'of 50 concurrent publishers one wins and the others are told, on PostgreSQL',
  { skip: noPostgres },
  async (t) => {
    const server = postgresServer(t)
    await t.test('race', async (t) => publishersRace(t, await openStore(await server.database())))
  }
)

t.test('what another process publishes into the same file is served within a second', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const url = `sqlite:${join(folder, 'shared.db')}`
  const reader = await startApp(t, { isSeeded: false, store: await openStore(url) })
  const writer = await startApp(t, { isSeeded: false, store: await openStore(url) })
  const path = '/v1/catalogues/product-1/document'
  const put = async (document: object, headers: Record<string, string>) =>
    writer.request({
      method: 'PUT',
      url: path,
      headers: { 'content-type': 'application/json', ...(await writer.key('catalogue:publish')), ...headers },
      payload: JSON.stringify(document)
    })
  const seen = async (title: string) => {
    for (let waited = 0; waited < 1000; waited += 50) {
      const answer = await reader.request(path)
      if (answer.statusCode === 200 && answer.json().title === title) return true
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return false
  }
  t.equal((await reader.request(path)).statusCode, 404)
  await put(documentInput({ title: 'One', requirements: [requirementInput()] }), { 'if-none-match': '*' })
  t.ok(await seen('One'))
  await put(documentInput({ title: 'Two', requirements: [requirementInput()] }), { 'if-match': '*' })
  t.ok(await seen('Two'), 'also where the old answer was hot')
})
