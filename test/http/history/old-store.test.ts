import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { documentDigest } from '../../../src/domain/history/digest.ts'
import { openStore } from '../../../src/store/open.ts'
import { folder } from '../../render/formats/support/tool.ts'
import { startApp } from '../../support/app.ts'

/**
 * A store as a release wrote it that knew no protocols but tcp, udp, sctp and icmp, no patterns, URLs, components and tags of endpoints, and
 * took what is conditional without a condition: `old-store.sql` has its rows, and `old-answers.json` what that release answered.
 */
const read = (name: string) => readFileSync(new URL(`support/${name}`, import.meta.url), 'utf8')

type Test = Parameters<typeof startApp>[0] & Parameters<typeof folder>[0]

const path = '/v1/catalogues/gateway-1'

async function startOnOldStore(t: Test) {
  const file = join(folder(t), 'portolan.db')
  const database = new Database(file)
  database.exec(read('old-store.sql'))
  database.close()
  return startApp(t, { store: await openStore(`sqlite:${file}`), isSeeded: false, now: '2026-11-27T00:00:00Z' })
}

t.test('a store of an earlier release is answered as that release answered it, byte for byte', async (t) => {
  const { request } = await startOnOldStore(t)
  const answers: { url: string; etag: string; sha256: string }[] = JSON.parse(read('old-answers.json'))
  t.equal(answers.length, 12)
  for (const { url, etag, sha256 } of answers) {
    const { statusCode, headers, body } = await request(url)
    t.strictSame(
      { statusCode, etag: headers.etag, sha256: createHash('sha256').update(body).digest('hex') },
      { statusCode: 200, etag, sha256 },
      url
    )
  }
})

t.test('its documents have the digests under which they were published', async (t) => {
  const { request } = await startOnOldStore(t)
  const { items } = (await request(`${path}/revisions`)).json<{ items: { number: number; digest: string }[] }>()
  t.strictSame(
    items.map(({ number, digest }) => [number, digest]),
    [
      [2, 'sha256:0c5386ae0f99c383b4869544bfce0f223e38af7ae66953d087c2de46c31b9d67'],
      [1, 'sha256:8d710d94e90a81530c7ca8b5578f3b218ec5cbd64a528123a4459ff679f78140']
    ]
  )
  for (const { number, digest } of items) {
    const document = (await request(`${path}/document?asOf=${number}`)).json<Document>()
    t.equal(documentDigest(document), digest)
  }
})

t.test('it goes on from there: a publish names its head', async (t) => {
  const app = await startOnOldStore(t)
  const authorization = await app.key('catalogue:publish')
  const head = await app.request(`${path}/document`)
  const { requirements, ...rest } = head.json<Document>()
  const published = await app.request({
    method: 'PUT',
    url: `${path}/document`,
    headers: { ...authorization, 'if-match': String(head.headers.etag) },
    // What is conditional says when, since this release.
    payload: {
      ...rest,
      title: 'Another title',
      requirements: requirements.map((each) =>
        each.necessity === 'conditional' ? { ...each, condition: 'Where there are updates' } : each
      )
    }
  })
  t.match(published.json(), { number: 3, counts: { added: 0, removed: 0, changed: 1 } })
})
