import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { Mirror } from '../examples/cmdb/mirror.ts'
import { temporary } from './cli/support/portolan.ts'
import { edition as documentOf, hosts, running } from './examples/support/running.ts'

const edition = (...names: readonly string[]) => documentOf(...hosts(...names))

t.test('each folder of examples says what it is, how it is run, what it prints, and how to undo it', async (t) => {
  const overview = readFileSync('examples/README.md', 'utf8')
  for (const name of readdirSync('examples').filter((each) => each !== 'README.md')) {
    t.match(overview, `(${name}/README.md)`, `${name} is in the table`)
    const text = readFileSync(`examples/${name}/README.md`, 'utf8')
    t.match(text, /^# \S/, name)
    t.match(text, /^ {4}\S/m, `${name}: a command`)
    t.match(text, /\bprints?\b/, name)
    t.match(text, /\bundo\b/, name)
    for (const file of readdirSync(`examples/${name}`))
      if (file !== 'README.md') t.match(text, file, `${name}: ${file}`)
  }
})

t.test('the example of a mirror stays in step with a running service and proves itself', async (t) => {
  const { service, publish } = await running(t)
  await publish(edition('a', 'b'))
  const file = temporary(t, 'mirror.db')
  let mirror = new Mirror(service.address, file)
  await mirror.round(30)
  while (mirror.count() === 0) await mirror.round(30)
  t.equal(mirror.count(), 4)
  t.strictSame(await mirror.round(), { upserts: 0, deletions: 0, isProven: true })
  const waiting = mirror.round(30)
  await publish(edition('a', 'c'))
  t.strictSame(await waiting, { upserts: 2, deletions: 1, isProven: true })
  mirror.close()
  mirror = new Mirror(service.address, file)
  t.teardown(() => mirror.close())
  t.strictSame(await mirror.round(), { upserts: 0, deletions: 0, isProven: true }, 'also after a restart')
  t.equal(mirror.count(), 4)
})

const python = spawnSync('python3', ['-c', 'import requests'])
const skip = python.status === 0 ? false : 'python3 with requests is not installed'

t.test(
  'the example in the style of Nautobot SSoT syncs, and ends at once where nothing changed',
  { skip },
  async (t) => {
    const { service, publish } = await running(t)
    await publish(edition('a', 'b'))
    const file = temporary(t, 'nautobot.json')
    const sync = () => {
      const { stdout, stderr } = spawnSync('python3', ['examples/cmdb/nautobot_sync.py', service.address, file])
      return stdout.toString().trim() || stderr.toString()
    }
    // The service notices what another process published.
    let first = sync()
    while (first.includes('"create": 0')) first = sync()
    t.equal(first, '{"create": 4, "update": 0, "delete": 0}')
    t.equal(sync(), 'not modified')
    await publish(edition('a', 'c', 'd'))
    let second = sync()
    while (second === 'not modified') second = sync()
    t.equal(second, '{"create": 2, "update": 1, "delete": 1}')
    const { endpoint } = JSON.parse(readFileSync(file, 'utf8'))
    t.strictSame(
      endpoint.map(({ attributes }: { attributes: { value: string } }) => attributes.value).sort(),
      ['a', 'c', 'd'].map((name) => `${name}.example.net`)
    )
  }
)
