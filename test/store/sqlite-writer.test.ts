import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { openStore } from '../../src/store/open.ts'
import { startApp } from '../support/app.ts'
import { addresses, documentInput, requirementInput } from '../support/document.ts'

const path = '/v1/catalogues/product-1/document'

async function fileStore(t: { teardown(remove: () => void): void }) {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'portolan.db')
  return { file, store: await openStore(`sqlite:${file}`) }
}

t.test('reads go on, with what was committed before, while a large publish is written', async (t) => {
  const { store } = await fileStore(t)
  const app = await startApp(t, { isSeeded: false, store })
  const key = await app.key('catalogue:publish')
  const put = (document: object, headers: Record<string, string>) =>
    app.request({
      method: 'PUT',
      url: path,
      headers: { 'content-type': 'application/json', ...key, ...headers },
      payload: JSON.stringify(document)
    })
  await put(documentInput(), { 'if-none-match': '*' })
  let isDone = false
  const large = put(
    documentInput({
      title: 'Large',
      requirements: [
        requirementInput({ endpoints: [...addresses(30_000), { kind: 'host', value: 'updates.example.net' }] })
      ]
    }),
    { 'if-match': '*' }
  ).finally(() => {
    isDone = true
  })
  const titles = new Set<string>()
  let read = 0
  while (!isDone) {
    titles.add((await store.document('product-1', 1)).title)
    read += 1
    await new Promise((resolve) => setImmediate(resolve))
  }
  t.equal((await large).statusCode, 201, (await large).body)
  t.strictSame([...titles], ['Product 1'])
  t.ok(read > 5, `${read} reads had their turn`)
})

t.test('a lock that another process holds is waited for without standing still', async (t) => {
  const { file, store } = await fileStore(t)
  const app = await startApp(t, { isSeeded: false, store })
  const key = await app.key('catalogue:publish')
  const other = new Database(file)
  other.exec('begin immediate')
  const publish = app.request({
    method: 'PUT',
    url: path,
    headers: { 'content-type': 'application/json', 'if-none-match': '*', ...key },
    payload: JSON.stringify(documentInput())
  })
  for (let read = 0; read < 20; read += 1) {
    t.strictSame((await app.request('/v1/catalogues')).json().items, [])
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  other.exec('rollback')
  other.close()
  t.equal((await publish).statusCode, 201)
})
