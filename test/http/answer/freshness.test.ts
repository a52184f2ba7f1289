import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openStore } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/store.ts'
import { catalogueFile, clearswift, clearswiftPath, startApp } from '../../support/app.ts'
import { documentInput } from '../../support/document.ts'

const path = '/v1/catalogues/product-1/document'

t.test('a publish in the middle of a cold read leaves no old answer behind', async (t) => {
  const store = await openStore('sqlite::memory:')
  let gate: Promise<void> | undefined
  let reached = () => {}
  const slow: Store = {
    ...store,
    async document(...which) {
      reached()
      await gate
      return store.document(...which)
    }
  }
  const app = await startApp(t, { isSeeded: false, store: slow })
  const key = await app.key('catalogue:publish')
  const put = (title: string, headers: Record<string, string>) =>
    app.request({
      method: 'PUT',
      url: path,
      headers: { 'content-type': 'application/json', ...key, ...headers },
      payload: JSON.stringify(documentInput({ title }))
    })
  await put('One', { 'if-none-match': '*' })
  const reader = await startApp(t, { isSeeded: false, store: { ...slow, close: async () => {} } })
  let open = () => {}
  gate = new Promise((resolve) => {
    open = resolve
  })
  const isReading = new Promise<void>((resolve) => {
    reached = resolve
  })
  const early = reader.request('/v1/catalogues/product-1')
  await isReading
  await put('Two', { 'if-match': '*' })
  await reader.catalogues.heads.refresh()
  open()
  t.equal((await early).json().title, 'One', 'it began before')
  t.equal((await reader.request('/v1/catalogues/product-1')).json().title, 'Two')
})

t.test('what a publisher reads back is what the next process reads, byte for byte', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const url = `sqlite:${join(folder, 'portolan.db')}`
  const app = await startApp(t, { store: await openStore(url) })
  const next = await startApp(t, { isSeeded: false, store: await openStore(url) })
  for (const headers of [{}, { accept: 'application/yaml' }]) {
    for (const asOf of ['', '?asOf=1']) {
      const [here, there] = [
        await app.request({ url: `${clearswiftPath}/document${asOf}`, headers }),
        await next.request({ url: `${clearswiftPath}/document${asOf}`, headers })
      ]
      t.equal(here.body, there.body)
      t.equal(here.headers.etag, there.headers.etag)
    }
  }
  t.match(catalogueFile('2-2.3.yaml').toString(), clearswift)
})
