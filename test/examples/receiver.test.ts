import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { receiver, type Settings } from '../../examples/receiver/receiver.ts'
import { webhookSignature } from '../../src/domain/webhook/webhook-signature.ts'
import { type PostOffice, startPostOffice } from '../delivery/support/webhook-sender.ts'
import { missing, pathOf } from '../render/formats/support/tool.ts'
import { clearswift, clearswiftPath } from '../support/app.ts'

const folder = fileURLToPath(new URL('../../examples/receiver/', import.meta.url))

interface Running {
  readonly post: PostOffice
  readonly id: string
  /** Where it keeps its lists. */
  readonly lists: string
  /** What it printed. */
  readonly said: readonly string[]
  /** Changes its settings. */
  set(settings: Partial<Settings>): void
  /** What becomes of the service's answers from now on; undefined: nothing. */
  spoil(fault: Fault | undefined): void
}

/** What stands between the service and the receiver may do this to an answer. */
type Fault = (answer: Answer) => Partial<Answer>

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The service, and the receiver with a subscription, without its secret. */
async function startReceiving(t: Test): Promise<Running & { readonly secret: string }> {
  const said: string[] = []
  const { log, error } = console
  console.log = (line: string) => void said.push(line)
  console.error = (failure: Error) => void said.push(failure.message)
  t.teardown(() => Object.assign(console, { log, error }))
  const post = await startPostOffice(t, { now: new Date().toISOString() })
  const behind = await post.listen()
  let fault: Fault | undefined
  const service = await listening(
    t,
    createServer(async (request, response) => {
      const found = await fetch(behind + request.url)
      const { 'portolan-seq': seq = '', 'portolan-export-report': report = '' } = Object.fromEntries(found.headers)
      const headers = { 'portolan-seq': seq, 'portolan-export-report': report }
      const answer = { status: found.status, headers, body: await found.text() }
      const { status, headers: sent, body } = { ...answer, ...fault?.(answer) }
      response.writeHead(status, sent).end(body)
    })
  )
  // The secret is known once the subscription is made, and its URL before.
  const settings = { secret: '', service, folder: t.testdir(), format: 'nftables', query: '' }
  const { id, secret } = await post.subscribe(
    await listening(
      t,
      receiver(settings, () => post.clock.now)
    )
  )
  return {
    ...{ post, id, secret, said, lists: settings.folder },
    set: (changed) => void Object.assign(settings, changed),
    spoil: (next) => {
      fault = next
    }
  }
}

async function listening(t: Test, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${Object(server.address()).port}`
}

t.test('the receiver takes each event once, and fetches what it missed', async (t) => {
  const { post, id, secret, said, lists, set } = await startReceiving(t)
  const place = join(lists, 'place.json')
  const { epoch } = post.catalogues.store
  t.match(
    await post.ask('GET', `/${id}/deliveries`),
    { items: [{ status: 400 }] },
    'without the secret it takes nothing'
  )
  set({ secret })
  await post.publish('one')
  await post.deliver()
  const list = readFileSync(join(lists, `${clearswift}.nftables`), 'utf8')
  t.equal(list, (await post.request(`${clearswiftPath}/exports/nftables`)).body, 'it has what the service exports')
  t.match(list, /185\.155\.104\.24/)
  t.match(JSON.parse(readFileSync(place, 'utf8')), { seq: 3, epoch })

  await post.ask('POST', `/${id}/replay`, { fromSeq: 3 })
  await post.deliver()
  t.match(said.at(-1), /3 .*: taken before/)

  await post.publish('missed')
  await post.deliver()
  t.match(JSON.parse(readFileSync(place, 'utf8')), { seq: 4 })
  // As after a restore of the receiver's own folder.
  writeFileSync(place, JSON.stringify({ epoch, seq: 2 }))
  await post.publish('after the gap')
  await post.deliver()
  t.ok(
    said.some((line) => /5 .*: 2 events were missed/.test(line)),
    said.join('\n')
  )
  t.match(JSON.parse(readFileSync(place, 'utf8')), { seq: 5 })
})

/** What must not reach a firewall, and what the receiver says of it. */
const faults: readonly (readonly [name: string, fault: Fault, said: RegExp])[] = [
  ['an error', () => ({ status: 503, body: '' }), /answered 503/],
  ['nothing', () => ({ body: '' }), /came otherwise/],
  ['half a list', ({ body }) => ({ body: body.slice(0, -20) }), /came otherwise/],
  ['a page to log in', () => ({ headers: {}, body: '<html>' }), /is older than event/],
  [
    'an old list from a cache',
    ({ headers }) => ({ headers: { ...headers, 'portolan-seq': '2' } }),
    /is older than event/
  ],
  [
    'a list of no entries',
    ({ headers }) => ({ headers: { ...headers, 'portolan-export-report': 'entries=0' } }),
    /is empty/
  ]
]

t.test('the last good list stays until there is a better one, and then that comes by itself', async (t) => {
  const { post, secret, said, lists, set, spoil } = await startReceiving(t)
  const file = join(lists, `${clearswift}.nftables`)
  set({ secret })
  await post.publish('the last good one')
  await post.deliver()
  const good = readFileSync(file, 'utf8')
  const keeps = async (why: RegExp, name: string) => {
    await post.pass(4000)
    t.match(said.at(-1), why, name)
    t.equal(readFileSync(file, 'utf8'), good, `${name}: the last good one stays`)
    t.match(JSON.parse(readFileSync(join(lists, 'place.json'), 'utf8')), { seq: 3 }, 'and the event is not taken')
  }
  await post.publish('another')
  for (const [name, fault, why] of faults) {
    spoil(fault)
    await keeps(why, name)
  }
  spoil(undefined)
  set({ query: 'kind=host' })
  await keeps(/is empty/, 'a query that nothing is left of')
  set({ query: '', load: ['false'] })
  await keeps(/Command failed/, 'a firewall that refuses it')
  set({ load: ['test', '-s'] })
  await post.pass(4000)
  t.match(said.at(-1), /4 catalogue.revision_published/)
  t.equal(readFileSync(file, 'utf8'), (await post.request(`${clearswiftPath}/exports/nftables`)).body)
  t.not(readFileSync(file, 'utf8'), good)
})

t.test('a real nft takes what the receiver fetched', { skip: missing('unshare', 'nft') }, async (t) => {
  const { post, secret, lists, set } = await startReceiving(t)
  const nft = ['unshare', ...(process.getuid?.() === 0 ? [] : ['-r']), '-n', pathOf('nft') ?? 'nft']
  set({ secret, load: [...nft, '-f'] })
  await post.publish('one')
  await post.deliver()
  t.match(JSON.parse(readFileSync(join(lists, 'place.json'), 'utf8')), { seq: 3 })
})

const body = '{"seq":7,"title":"Überwachung"}'
const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`

const verifiers = [
  { language: 'Python', command: 'python3', words: ['verify.py'] },
  { language: 'Go', command: 'go', words: ['run', 'verify.go'] },
  { language: 'a shell with openssl', command: 'sh', words: ['verify.sh'], needs: 'openssl' }
] as const

for (const { language, command, words, ...more } of verifiers) {
  const needed = [command, ...('needs' in more ? [more.needs] : [])]
  const missing = needed.find((name) => spawnSync('which', [name]).status !== 0)
  t.test(
    `${language} verifies in a few lines`,
    missing === undefined ? {} : { skip: `${missing} is not on this machine` },
    async (t) => {
      const now = Math.floor(Date.now() / 1000)
      const isGenuine = (timestamp: number, signed: string, sent = signed) => {
        const other = { text: `whsec_${Buffer.alloc(32, 1).toString('base64')}` }
        const signature = webhookSignature({ id: 'evt_1', timestamp, body: signed }, [other, { text: secret }])
        const script = words.map((word) => (existsSync(join(folder, word)) ? join(folder, word) : word))
        return (
          spawnSync(command, [...script, secret, 'evt_1', String(timestamp), signature], { input: sent }).status === 0
        )
      }
      t.equal(isGenuine(now, body), true)
      t.equal(isGenuine(now, body, `${body} `), false, 'another body')
      t.equal(isGenuine(now - 400, body), false, 'an old one')
    }
  )
}
