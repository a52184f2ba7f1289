import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import t from 'tap'
import { Egress } from '../../src/delivery/egress.ts'
import { Fetcher, type FetcherOptions } from '../../src/delivery/fetch.ts'
import { readMirror } from '../../src/delivery/file-mirror.ts'
import type { Fetched } from '../../src/domain/feed/fetched.ts'
import { list, startProvider, status } from './support/provider.ts'

interface Test {
  teardown(close: () => Promise<void>): void
}

const now = Date.parse('2026-11-24T12:00:00Z')
const egress = new Egress({
  policy: { allow: ['127.0.0.0/8'], allowsHttp: true },
  lookup: async () => ['127.0.0.1'],
  connectMs: 10_000
})

function fetcher(t: Test, options: Partial<FetcherOptions> = {}): Fetcher {
  const made = new Fetcher({ egress, userAgent: 'Portolan/1', now: () => now, ...options })
  t.teardown(() => made.close())
  return made
}

function textOf(fetched: Fetched): string {
  return fetched.kind === 'content' ? Buffer.from(fetched.bytes).toString() : fetched.kind
}

function reasonOf(fetched: Fetched): string {
  return fetched.kind === 'failed' ? fetched.reason : fetched.kind
}

t.test('a list is asked for conditionally, and its validators come with it', async (t) => {
  const provider = await startProvider(t, list('one', '"1"'))
  const fetching = fetcher(t)
  const first = await fetching.fetch(`${provider.origin}/list`)
  t.match(first, { kind: 'content', etag: '"1"', status: 200 })
  t.equal(textOf(first), 'one')
  t.same(await fetching.fetch(`${provider.origin}/list`, { etag: '"1"' }), { kind: 'not_modified', status: 304 })
  provider.answer = (response, { headers }) => {
    response
      .writeHead(200, { 'last-modified': headers['if-modified-since'] ?? 'never', 'set-cookie': 'a=b' })
      .end('two')
  }
  const lastModified = 'Tue, 24 Nov 2026 11:00:00 GMT'
  t.match(await fetching.fetch(`${provider.origin}/list`, { lastModified }), { kind: 'content', lastModified })
  await fetching.fetch(`${provider.origin}/list`)
  const [asked] = provider.asked.slice(-1)
  t.equal(asked?.headers['user-agent'], 'Portolan/1')
  t.equal(asked?.headers.cookie, undefined, 'no cookie comes back')
  t.equal(asked?.headers['if-modified-since'], undefined)
})

t.test('content codings are taken off, and damaged or unasked ones are failures', async (t) => {
  const provider = await startProvider(t, status(500))
  const fetching = fetcher(t)
  const answering = (body: Buffer, encoding: string) => {
    provider.answer = (response) => void response.writeHead(200, { 'content-encoding': encoding }).end(body)
    return fetching.fetch(provider.origin)
  }
  t.equal(textOf(await answering(gzipSync('packed'), 'gzip')), 'packed')
  t.equal(textOf(await answering(brotliCompressSync('packed'), 'br')), 'packed')
  t.match(reasonOf(await answering(gzipSync('packed').subarray(0, 12), 'gzip')), /compressed, and damaged/)
  t.match(reasonOf(await answering(Buffer.from('plain'), 'br')), /compressed, and damaged/)
  t.match(reasonOf(await answering(Buffer.from('x'), 'zstd')), /content coding zstd/)
})

t.test('a list of more than 64 MiB is refused, also where it comes packed', async (t) => {
  const packed = gzipSync(Buffer.alloc(65 * 1_048_576))
  const provider = await startProvider(t, (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
  })
  t.match(reasonOf(await fetcher(t).fetch(provider.origin)), /larger than 64 MiB/)
})

t.test('redirects are followed on the same host, three of them, and nowhere else', async (t) => {
  const provider = await startProvider(t, (response, { path }) => {
    const left = Number(/\d+/.exec(path)?.[0] ?? 0)
    if (left === 0) response.writeHead(200).end('found')
    else response.writeHead(302, { location: `/${left - 1}` }).end()
  })
  const fetching = fetcher(t)
  t.equal(textOf(await fetching.fetch(`${provider.origin}/3`)), 'found')
  t.match(reasonOf(await fetching.fetch(`${provider.origin}/4`)), /more than 3 times/)
  provider.answer = status(301, { location: `http://localhost:${provider.port}/0` })
  t.match(reasonOf(await fetching.fetch(provider.origin)), /another host, localhost/)
  provider.answer = status(301, { location: 'http://[' })
  t.match(reasonOf(await fetching.fetch(provider.origin)), /no URL/)
})

t.test('the guard of what goes out counts here too', async (t) => {
  const provider = await startProvider(t, list('one', '"1"'))
  const guarded = (policy: Partial<ConstructorParameters<typeof Egress>[0]['policy']>) =>
    fetcher(t, {
      egress: new Egress({
        policy: { allow: [], allowsHttp: true, ...policy },
        lookup: async () => ['127.0.0.1'],
        connectMs: 10_000
      })
    })
  const url = `http://lists.example:${provider.port}/list?token=secret`
  const reason = reasonOf(await guarded({}).fetch(url))
  t.match(reason, /127\.0\.0\.1 is not a public address/)
  t.match(reasonOf(await guarded({ allowsHttp: false }).fetch(url)), /is not https/)
  t.match(reasonOf(await guarded({ ports: [443] }).fetch(url)), /names the port/)
  t.notMatch(reasonOf(await guarded({ ports: [443] }).fetch(url)), /secret/, 'the query of a URL is not told')
  t.equal(provider.asked.length, 0)
})

t.test('statuses that are no list are failures, with the wait that they ask for', async (t) => {
  const provider = await startProvider(t, status(500))
  const fetching = fetcher(t)
  t.same(await fetching.fetch(provider.origin), { kind: 'failed', reason: 'the source answered 500', status: 500 })
  provider.answer = status(429, { 'retry-after': '7200' })
  t.match(await fetching.fetch(provider.origin), { kind: 'failed', status: 429, retryAfterMs: 7_200_000 })
  provider.answer = status(503, { 'retry-after': 'Tue, 24 Nov 2026 12:01:00 GMT' })
  t.match(await fetching.fetch(provider.origin), { status: 503, retryAfterMs: 60_000 })
})

t.test('a body that is cut off or does not come is a failure', async (t) => {
  const provider = await startProvider(t, (response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half')
    setImmediate(() => response.destroy())
  })
  t.match(reasonOf(await fetcher(t).fetch(provider.origin)), /cannot be read/)
  provider.answer = (response) => void response.writeHead(200).write('slow')
  t.match(reasonOf(await fetcher(t, { deadlineMs: 300 }).fetch(provider.origin)), /no answer within 0.3 seconds/)
})

t.test('a mirror is a file, or the newest file of a folder', async (t) => {
  const folder = t.testdir({ 'list.txt': 'first' })
  const url = pathToFileURL(join(folder, 'list.txt')).href
  const first = await readMirror(url)
  t.equal(textOf(first), 'first')
  const etag = first.kind === 'content' ? first.etag : undefined
  t.same(await readMirror(url, { ...(etag !== undefined && { etag }) }), { kind: 'not_modified' })
  const lists = join(folder, 'lists')
  mkdirSync(join(lists, 'older'), { recursive: true })
  const of = pathToFileURL(lists).href
  t.match(reasonOf(await readMirror(of)), /no file in the folder/)
  for (const [name, seconds] of [
    ['b.txt', 100],
    ['a.txt', 200],
    ['0.txt', 200],
    ['c.txt.part', 300],
    ['.hidden', 300]
  ] as const) {
    writeFileSync(join(lists, name), name)
    utimesSync(join(lists, name), seconds, seconds)
  }
  t.equal(textOf(await readMirror(of)), 'a.txt', 'the newest, and of equals the greater name')
  t.match(reasonOf(await readMirror(pathToFileURL(join(folder, 'none')).href)), /no such file/)
})
