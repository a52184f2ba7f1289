import { spawn } from 'node:child_process'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Egress } from '../../src/delivery/egress.ts'
import { folder, missing, pathOf } from '../render/formats/support/tool.ts'
import { freePort } from '../support/free-port.ts'
import { startReceiver } from './support/receiver.ts'
import { startPostOffice } from './support/webhook-sender.ts'

const [name, outside] = ['rebind.example', '93.184.215.14']

interface NameServer {
  readonly lookup: (hostname: string) => Promise<readonly string[]>
  /** The addresses of the name from now on. */
  answer(...addresses: readonly string[]): Promise<void>
  /** How often the name was asked for. */
  asked(): number
}

/** A real name server, whose answers nobody may keep. */
async function startNameServer(t: Test): Promise<NameServer> {
  const hosts = join(folder(t, { hosts: '' }), 'hosts')
  const port = await freePort()
  const settings = [
    ...[
      '--keep-in-foreground',
      '--no-resolv',
      '--no-hosts',
      '--no-poll',
      '--user=root',
      '--pid-file=',
      '--conf-file=/dev/null'
    ],
    ...['--listen-address=127.0.0.1', '--bind-interfaces', `--port=${port}`, '--local-ttl=0'],
    ...[`--addn-hosts=${hosts}`, '--log-queries', '--log-facility=-']
  ]
  const child = spawn(pathOf('dnsmasq') ?? 'dnsmasq', settings, { stdio: ['ignore', 'ignore', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  let said = ''
  child.stderr.on('data', (text) => {
    said += text
  })
  const reads = () => said.split(`${hosts} - `).length - 1
  const hasRead = async (count: number) => {
    while (reads() < count) {
      if (child.exitCode !== null) throw new Error(said)
      await Promise.race([once(child.stderr, 'data'), once(child, 'exit')])
    }
  }
  await hasRead(1)
  const resolver = new Resolver({ timeout: 1000, tries: 3 })
  resolver.setServers([`127.0.0.1:${port}`])
  return {
    lookup: (hostname) => resolver.resolve4(hostname),
    async answer(...addresses) {
      const before = reads()
      writeFileSync(hosts, addresses.map((address) => `${address} ${name}\n`).join(''))
      child.kill('SIGHUP')
      await hasRead(before + 1)
    },
    asked: () => said.split(`query[A] ${name} `).length - 1
  }
}

const skip = missing('dnsmasq')

t.test('a name that moves into the house after the check is refused at the connection', { skip }, async (t) => {
  const names = await startNameServer(t)
  const egress = new Egress({ policy: { allow: [], allowsHttp: true }, lookup: names.lookup, connectMs: 1000 })
  const post = await startPostOffice(t, { egress })
  const receiver = await startReceiver(t)
  const url = `http://${name}:${new URL(receiver.url).port}/`

  await names.answer(outside)
  const { id } = await post.ask('POST', '', { url })
  t.match(id, /^sub_/, 'it was public when it was made')
  const refused = async (address: string) => {
    const before = names.asked()
    await post.ask('POST', `/${id}/ping`)
    await post.deliver()
    t.match(
      await post.ask('GET', `/${id}/deliveries`),
      { items: [{ result: 'failed', error: 'refused_address', address }] },
      address
    )
    t.equal(names.asked() - before, 1, 'what is judged is what is connected to: the name is not asked for again')
  }
  await names.answer('127.0.0.1')
  await refused('127.0.0.1')
  await names.answer('169.254.169.254')
  await refused('169.254.169.254')
  await names.answer(outside, '127.0.0.1')
  await refused('127.0.0.1')
  t.same(receiver.received, [], 'nothing came through')
  t.match(await post.ask('POST', '', { url }), { code: 'egress_refused', address: '127.0.0.1' }, 'nor can it be made')
})

t.test('a name that moves among what is allowed is followed', { skip }, async (t) => {
  const names = await startNameServer(t)
  const policy = { allow: ['127.0.0.0/8'], allowsHttp: true }
  const post = await startPostOffice(t, { egress: new Egress({ policy, lookup: names.lookup, connectMs: 1000 }) })
  const receiver = await startReceiver(t)
  await names.answer('127.0.0.1')
  await post.subscribe(`http://${name}:${new URL(receiver.url).port}/`)
  t.equal(receiver.received.length, 1)
})
