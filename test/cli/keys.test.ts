import { existsSync } from 'node:fs'
import t from 'tap'
import { keyHash } from '../../src/domain/key.ts'
import { openStore } from '../../src/store/open.ts'
import { portolan, temporary } from './support/portolan.ts'

t.test('keys', async (t) => {
  const store = temporary(t, 'portolan.db')
  const keys = (...argv: string[]) => portolan(['keys', ...argv], { store })

  t.equal((await keys('list')).code, 3)
  t.equal((await keys('revoke', '0a1b2c3d4e5f')).code, 3)
  t.notOk(existsSync(store))

  const created = await keys('create', '--scope', 'catalogue:publish', '--scope', 'catalogue:override', '--json')
  t.equal(created.code, 0)
  const key = JSON.parse(created.output)
  t.strictSame(Object.keys(key), ['id', 'key', 'scopes'])
  t.match(key, { id: /^[0-9a-f]{12}$/, key: /^ptl_[0-9a-f_]+$/, scopes: ['catalogue:override', 'catalogue:publish'] })

  const shown = await keys(
    'create',
    '--scope',
    'admin',
    'catalogue:read',
    '--name',
    'Ada',
    '--expires',
    '2030-01-01T00:00:00Z'
  )
  const [, text = '', id = ''] =
    /^(ptl_\S+)\nThis is the key (\S+) for admin, catalogue:read\./.exec(shown.output) ?? []
  t.not(text, '')

  const kept = await openStore(`sqlite:${store}`)
  const hashes = (await kept.keys()).map(({ hash }) => hash)
  await kept.close()
  t.strictSame(new Set(hashes), new Set([keyHash(key.key), keyHash(text)]))

  const listed = await keys('list', '--json')
  t.match(JSON.parse(listed.output).items, [
    { scopes: Array, createdAt: '2026-11-24T12:00:00Z' },
    { scopes: Array, createdAt: '2026-11-24T12:00:00Z' }
  ])
  const table = await keys('list')
  t.match(
    table.output,
    new RegExp(`^${id} +Ada +admin catalogue:read +2026-11-24T12:00:00Z +2030-01-01T00:00:00Z$`, 'm')
  )
  for (const secret of [...hashes, key.key, text]) t.notOk(`${listed.output}${table.output}`.includes(secret))

  t.strictSame(await keys('revoke', id), { code: 0, output: `Revoked the key ${id}.\n`, error: '' })
  t.match((await keys('revoke', id)).output, /was revoked already, at 2026-11-24T12:00:00Z/)
  t.match(await keys('revoke', '000000000000'), { code: 1, error: /^error: There is no key 000000000000\.\n$/ })
  t.match(
    JSON.parse((await keys('list', '--json')).output).items.find((item: { id: string }) => item.id === id),
    {
      revokedAt: '2026-11-24T12:00:00Z'
    }
  )
})

t.test('a key is bound to addresses, and rotated', async (t) => {
  const store = temporary(t, 'portolan.db')
  const keys = (...argv: string[]) => portolan(['keys', ...argv], { store })
  const bound = ['--cidr', '2001:DB8::/32', '--cidr', '198.51.100.0/24']
  const { id, key } = JSON.parse((await keys('create', '--scope', 'catalogue:read', ...bound, '--json')).output)
  const rotated = await keys('rotate', id, '--overlap', 'P7D', '--json')
  t.match(JSON.parse(rotated.output), { id, key: /^ptl_/, scopes: ['catalogue:read'] })
  t.not(JSON.parse(rotated.output).key, key)
  const listed = await keys('list', '--json')
  t.match(JSON.parse(listed.output).items, [
    { id, cidrs: ['198.51.100.0/24', '2001:db8::/32'], previousUntil: '2026-12-01T12:00:00Z' }
  ])
  t.match((await keys('list')).output, '198.51.100.0/24 2001:db8::/32')
  t.match((await keys('rotate', id)).output, /^ptl_\S+\n.*The one before is good until 2026-11-25T12:00:00Z\.\n$/)

  t.match(await keys('rotate', id, '--overlap', 'soon'), { code: 2, error: /is not a duration/ })
  t.match(await keys('create', '--scope', 'admin', '--cidr', '10.0.0.1/8'), { code: 2 })
  t.match(await keys('rotate', '000000000000'), { code: 1, error: /There is no key/ })
  await keys('revoke', id)
  t.match(await keys('rotate', id), { code: 1, error: /was revoked or has expired/ })
})

t.test('a key is narrowed to catalogues', async (t) => {
  const store = temporary(t, 'portolan.db')
  const keys = (...argv: string[]) => portolan(['keys', ...argv], { store })
  const narrowed = ['--catalogue', 'product-1', 'feed.*', '--catalogue', 'product-1']
  t.equal((await keys('create', '--scope', 'catalogue:read', ...narrowed)).code, 0)
  t.match(JSON.parse((await keys('list', '--json')).output).items, [{ catalogues: ['feed.*', 'product-1'] }])
  t.match((await keys('list')).output, 'feed.* product-1')
  for (const wrong of ['*', 'feed*', 'Feed', ''])
    t.match(await keys('create', '--scope', 'admin', '--catalogue', wrong), { code: 2 }, wrong)
})

t.test('a key that may only subscribe comes with the advice that it may need to read', async (t) => {
  const store = temporary(t, 'portolan.db')
  const create = async (...scopes: string[]) =>
    (await portolan(['keys', 'create', '--scope', ...scopes], { store })).output
  t.match(await create('subscriptions:write'), /needs the scope catalogue:read, too/)
  for (const scopes of [['subscriptions:write', 'catalogue:read'], ['admin'], ['catalogue:publish'], ['keys:manage']])
    t.notMatch(await create(...scopes), /catalogue:read, too/)
})
