import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { receiver } from '../../examples/receiver/receiver.ts'
import { webhookSignature } from '../../src/domain/webhook-signature.ts'
import { clearswift } from '../app.ts'
import { startPostOffice } from '../delivery/post-office.ts'

const folder = fileURLToPath(new URL('../../examples/receiver/', import.meta.url))

t.test('the receiver takes each event once, and fetches what it missed', async (t) => {
  const log = console.log
  const said: string[] = []
  console.log = (line: string) => void said.push(line)
  t.teardown(() => {
    console.log = log
  })
  const post = await startPostOffice(t, { now: new Date().toISOString() })
  const service = await post.listen()
  const lists = t.testdir()
  const servers: ReturnType<typeof receiver>[] = []
  t.teardown(() => {
    for (const server of servers) server.close().closeAllConnections()
  })
  // The secret is known once the subscription is made, and its URL before.
  const settings = { secret: '', service, folder: lists, list: 'format=csv&kind=address' }
  const server = receiver(settings)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { id, secret } = await post.subscribe(`http://127.0.0.1:${port}/`)
  t.match(
    await post.ask('GET', `/${id}/deliveries`),
    { items: [{ status: 400 }] },
    'without the secret it takes nothing'
  )
  Object.assign(settings, { secret })
  await post.publish('one')
  await post.deliver()
  const list = join(lists, `${clearswift}.csv`)
  t.match(readFileSync(list, 'utf8'), /^requirement,[\s\S]*185\.155\.104\.24/)
  t.match(JSON.parse(readFileSync(join(lists, 'place.json'), 'utf8')), { seq: 3, epoch: post.catalogues.store.epoch })

  await post.ask('POST', `/${id}/replay`, { fromSeq: 3 })
  await post.deliver()
  t.match(said.at(-1), /3 .*: taken before/)

  await post.publish('missed')
  await post.deliver()
  const place = join(lists, 'place.json')
  t.match(JSON.parse(readFileSync(place, 'utf8')), { seq: 4 })
  // As after a restore of the receiver's own folder.
  writeFileSync(place, JSON.stringify({ epoch: post.catalogues.store.epoch, seq: 2 }))
  await post.publish('after the gap')
  await post.deliver()
  t.ok(
    said.some((line) => /5 .*: 2 events were missed/.test(line)),
    said.join('\n')
  )
  t.match(JSON.parse(readFileSync(place, 'utf8')), { seq: 5 })
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
