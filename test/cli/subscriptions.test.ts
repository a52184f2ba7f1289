import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import t from 'tap'
import { webhookSignature } from '../../src/domain/webhook/webhook-signature.ts'
import { program } from '../support/program.ts'
import { portolan, seeded, temporary } from './support/portolan.ts'

const url = 'https://93.184.215.14/hook'

t.test('a subscription is made, changed, paused, replayed and deleted', async (t) => {
  const store = await seeded(t)
  const run = (...words: string[]) => portolan(['subscriptions', ...words], { store })
  const json = async (...words: string[]) => {
    const { output, error } = await run(...words, '--json')
    return output === '' ? JSON.parse(error) : JSON.parse(output)
  }
  t.match(await run('list'), { code: 0, output: 'There is no subscription.\n' })
  const made = await json(
    'create',
    url,
    '--impact',
    'closes',
    '--type',
    'catalogue.transitioned',
    '--header',
    'X-Team: network'
  )
  t.match(made, {
    url,
    state: 'pending',
    filter: { impact: ['closes'] },
    headers: { 'x-team': '***' },
    secret: /^whsec_/,
    cursor: 2
  })
  const { id } = made
  t.match((await run('list')).output, new RegExp(`${id} +pending +2 +2 +https`))
  t.match((await json('list')).items, [{ id }])
  t.match((await run('ping', id)).output, /waits to be sent/)
  t.match(await json('resume', id), { code: 'wrong_state' })
  t.match((await run('activate', id)).output, `${id} is active.`)
  t.match(await json('change', id, '--ordering', 'none', '--description', 'x'), {
    ordering: 'none',
    description: 'x',
    url
  })
  t.match((await json('rotate-secret', id)).secret, /^whsec_/)
  t.match((await run('replay', id, '--from', '1')).output, 'Events 1 to 2 wait to be sent.')
  t.match((await run('pause', id)).output, `${id} is paused.`)
  t.match((await run('show', id)).output, /state +paused/)
  t.match((await run('deliveries', id)).output, 'Nothing was sent yet.')
  t.match((await run('dead-letters', id)).output, 'The receiver refused nothing.')
  t.match((await run('redrive', id)).output, '0 events')
  t.match(await run('delete', id), { code: 0 })
  t.match(await run('show', id), { code: 1, error: /no subscription/ })
})

t.test('the egress guard stands before the shell too', async (t) => {
  const store = await seeded(t)
  t.match(await portolan(['subscriptions', 'create', 'https://127.0.0.1/'], { store }), {
    code: 1,
    error: /127\.0\.0\.1 is not a public address/
  })
  t.match(await portolan(['subscriptions', 'create', 'http://receiver.example/'], { store }), {
    code: 1,
    error: /not https.* This shell judges by its own settings: give it PORTOLAN_ALLOW_HTTP/
  })
  const environment = { PORTOLAN_EGRESS_ALLOW: '127.0.0.0/8', PORTOLAN_ALLOW_HTTP: 'on', PORTOLAN_EGRESS_PORTS: '*' }
  t.match(await portolan(['subscriptions', 'create', 'http://127.0.0.1:9000/'], { store, environment }), { code: 0 })
  t.match(await portolan(['subscriptions', 'replay', 'x', '--from', '0'], { store }), { code: 2 })
})

t.test('a secret that the receiver has already comes from a file, and is never told where it is refused', async (t) => {
  const store = await seeded(t)
  const own = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`
  const asked = ['subscriptions', 'create', url, '--secret-file', '-', '--json']
  const { id, secret } = JSON.parse((await portolan(asked, { store, input: `${own(1)}\n` })).output)
  t.equal(secret, own(1))
  const file = temporary(t, 'secret')
  writeFileSync(file, own(2))
  const rotated = await portolan(['subscriptions', 'rotate-secret', id, '--secret-file', file, '--json'], { store })
  t.equal(JSON.parse(rotated.output).secret, own(2))
  const refused = await portolan(asked, { store, input: 'hunter2' })
  t.match(refused, { code: 2, error: /^error: - holds no secret/ })
  t.notMatch(refused.error, 'hunter2')
  const missing = await portolan([...asked.slice(0, 4), '/nope'], { store })
  t.match(missing, { code: 2, error: /there is no file \/nope/ })
})

t.test('listen prints what is signed with its secret, and refuses the rest', async (t) => {
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
  const asked = ['listen', '--port', '0', '--count', '1', '--secret', secret]
  const child = spawn(process.execPath, [...program('cli'), ...asked])
  t.teardown(() => child.kill())
  const errors = createInterface(child.stderr)
  const [line] = await once(errors, 'line')
  const [, address = ''] = /Listening at (\S+)/.exec(String(line)) ?? []
  const send = (signature: string, timestamp: number) =>
    fetch(address, {
      method: 'POST',
      body: '{"seq":7}',
      headers: {
        ...{ 'webhook-id': 'evt_1', 'webhook-timestamp': String(timestamp), 'webhook-signature': signature },
        'portolan-event': 'catalogue.created',
        'portolan-seq': '7'
      }
    })
  const now = Math.floor(Date.now() / 1000)
  const signature = (timestamp: number) =>
    webhookSignature({ id: 'evt_1', timestamp, body: '{"seq":7}' }, [{ text: secret }])
  t.equal((await send('v1,AAAA', now)).status, 400)
  t.equal((await send(signature(now - 301), now - 301)).status, 400)
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  const ended = once(child, 'close')
  t.equal((await send(signature(now), now)).status, 204)
  t.same(await ended, [0, null])
  t.match(output, /7 catalogue\.created \{"seq":7\}/)
})
