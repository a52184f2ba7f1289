import type { Key } from '../../../src/domain/key.ts'
import type { Contract } from './use.ts'

const bare: Key = { id: 'b', hash: 'ff00', scopes: ['catalogue:read'], createdAt: 2 }
const full: Key = {
  id: 'a',
  name: 'Überwachung',
  hash: '00ff',
  scopes: ['catalogue:publish', 'catalogue:override'],
  createdAt: 1_600_000_000_000,
  expiresAt: 1_700_000_000_000,
  cidrs: ['198.51.100.0/24', '2001:db8::/32'],
  catalogues: ['feed.*', 'product-1'],
  lastUsedAt: 1_650_000_000_000,
  previous: { hash: 'aa00', until: 1_660_000_000_000 }
}

export function keyContract({ test }: Contract): void {
  test('keys are kept as they were made, oldest first', async (t, store) => {
    t.same(await store.keys(), [])
    await store.addKey(full)
    await store.addKey(bare)
    t.strictSame(await store.keys(), [bare, full])
    t.strictSame(await store.keys(['a', 'c']), [full])
    t.strictSame(await store.keys([]), [])
    await t.rejects(store.addKey(bare))
    t.equal((await store.keys()).length, 2)
  })

  test('a key is revoked once', async (t, store) => {
    await store.addKey(bare)
    t.equal(await store.revokeKey('unknown', 3), false)
    const outcomes = await Promise.all([store.revokeKey('b', 3), store.revokeKey('b', 4)])
    t.same(outcomes.filter(Boolean), [true])
    t.equal(await store.revokeKey('b', 5), false)
    t.strictSame(await store.keys(), [{ ...bare, revokedAt: outcomes[0] ? 3 : 4 }])
  })

  test('of two rotations one wins, and a revoked key has none', async (t, store) => {
    await store.addKey(bare)
    const rotate = (hash: string, before: string) => store.rotateKey('b', hash, { hash: before, until: 9 })
    const outcomes = await Promise.all([rotate('01', 'ff00'), rotate('02', 'ff00')])
    t.same([...outcomes].sort(), [false, true])
    const hash = outcomes[0] ? '01' : '02'
    t.strictSame(await store.keys(), [{ ...bare, hash, previous: { hash: 'ff00', until: 9 } }])
    await store.revokeKey('b', 5)
    t.equal(await rotate('03', hash), false)
    t.equal(await store.rotateKey('unknown', '03', { hash, until: 9 }), false)
  })

  test('the last use of a key never goes back', async (t, store) => {
    await store.addKey(bare)
    await store.addKey(full)
    await store.markKeysUsed(
      new Map([
        ['b', 10],
        ['a', 10],
        ['unknown', 10]
      ])
    )
    t.strictSame(await store.keys(), [{ ...bare, lastUsedAt: 10 }, full])
    await store.markKeysUsed(new Map([['b', 9]]))
    t.match(await store.keys(['b']), [{ lastUsedAt: 10 }])
  })

  test('keys are no events', async (t, store) => {
    await store.addKey(bare)
    t.equal(await store.seq(), 0)
  })
}
