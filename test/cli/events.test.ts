import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import t from 'tap'
import { program } from '../support/program.ts'
import { clearswift, portolan, seeded, temporary } from './support/portolan.ts'

t.test('the log is read from any place, by catalogue and type', async (t) => {
  const store = await seeded(t)
  const run = (...words: string[]) => portolan(['events', ...words], { store })
  const json = async (...words: string[]) => JSON.parse((await run(...words, '--json')).output).items
  t.match(await run(), {
    code: 0,
    output: new RegExp(
      `^1 {2}2026-11-24T12:00:00Z {2}catalogue.created {2}Clearswift .*: published, as revision 1 \\(pre-2.3\\)\n` +
        '2 {2}2026-11-24T12:00:00Z {2}catalogue.revision_published {2}.*: revision 2 \\(2.3\\), 8 added, 0 removed, 12 changed\n$'
    )
  })
  t.match(await json('--after', '1'), [{ seq: 2, prevSeq: 1, links: { view: /^http:\/\/127.0.0.1:8080\/v1\// } }])
  t.match(await json('--type', 'catalogue.created', '--catalogue', clearswift), [{ seq: 1, prevSeq: 0 }])
  t.same(await json('--catalogue', 'another'), [])
  t.match(await json('--count', '1'), [{ seq: 1 }])
  t.same((await json('--after', '2')).length, 0)
  const environment = { PORTOLAN_PUBLIC_URL: 'https://portolan.example/base' }
  t.match((await portolan(['events', '--json'], { store, environment })).output, 'https://portolan.example/base/v1/')
})

t.test('it is the same as REST answers', async (t) => {
  const store = await seeded(t)
  const child = spawn(process.execPath, program('main'), {
    env: { PATH: process.env.PATH, PORTOLAN_PORT: '0', PORTOLAN_DATABASE_URL: `sqlite:${store}` }
  })
  t.teardown(() => child.kill('SIGKILL'))
  let said = ''
  while (!/Portolan listens at \S+\//.test(said)) said += String((await once(child.stdout, 'data'))[0])
  const [, address = ''] = /Portolan listens at (\S+)\//.exec(said) ?? []
  const environment = { PORTOLAN_PUBLIC_URL: address }
  const { output } = await portolan(['events', '--json'], { store, environment })
  t.strictSame(JSON.parse(output), await (await fetch(`${address}/v1/events`)).json())
})

t.test('wrong words are told, and a store that is not there', async (t) => {
  const store = await seeded(t)
  t.match(await portolan(['events', '--type', 'x'], { store }), { code: 2, error: /must be one of catalogue.created/ })
  for (const words of [
    ['--after', '-1'],
    ['--after', 'x'],
    ['--count', '0']
  ])
    t.match(await portolan(['events', ...words], { store }), { code: 2, error: /whole number from/ })
  t.match(await portolan(['events'], { store: temporary(t, 'none.db') }), { code: 3 })
})

t.test('followed, what is published elsewhere comes by itself', async (t) => {
  const store = await seeded(t)
  const asked = ['events', '--after', '1', '--follow', '--count', '2', '--json']
  const child = spawn(process.execPath, [...program('cli'), ...asked], {
    env: { PATH: process.env.PATH, PORTOLAN_DATABASE_URL: `sqlite:${store}` }
  })
  t.teardown(() => child.kill())
  const ended = once(child, 'close')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  t.match(JSON.parse((await lines.next()).value), { seq: 2, prevSeq: 1 })
  const again = ['restore', clearswift, '1', '--reason', 'x', '--override', 'unannounced_removal']
  t.match(await portolan(again, { store }), { code: 0 })
  t.match(JSON.parse((await lines.next()).value), { seq: 3, prevSeq: 2, type: 'catalogue.revision_published' })
  t.same(await ended, [0, null], 'and it ends after as many as were asked for')
})
