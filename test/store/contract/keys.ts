import type { Key } from '../../../src/domain/key.ts'
import type { Contract } from './use.ts'

const bare: Key = { id: 'b', hash: 'ff00', scopes: ['catalogue:read'], createdAt: 2 }
const full: Key = {
  id: 'a',
  name: 'Überwachung',
  hash: '00ff',
  scopes: ['catalogue:publish', 'catalogue:override'],
  createdAt: 1_600_000_000_000,
  expiresAt: 1_700_000_000_000
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

  test('keys are no events', async (t, store) => {
    await store.addKey(bare)
    t.equal(await store.seq(), 0)
  })
}
