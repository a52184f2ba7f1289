import t from 'tap'
import {
  hasScope,
  isAllowedFrom,
  isUsable,
  type Key,
  keyHash,
  keyId,
  keyScopes,
  keyText,
  presentedKey
} from '../../src/domain/key.ts'
import { fc } from '../support/scale.ts'

const random = fc.uint8Array({ minLength: 38, maxLength: 38 })
const bytes = Uint8Array.from({ length: 38 }, (_, index) => index)

t.test('every key has one shape, and its id can be read from it', async () => {
  fc.assert(
    fc.property(random, (seed) => {
      const { id, text } = keyText(seed)
      return /^ptl_[0-9a-f]{12}_[0-9a-f]{64}_[0-9a-f]{8}$/.test(text) && text.includes(id) && keyId(text) === id
    })
  )
})

t.test('all randomness is in the key, so other bytes make another key', async () => {
  fc.assert(
    fc.property(random, fc.nat({ max: 37 }), (seed, index) => {
      const other = seed.with(index, (seed[index] ?? 0) ^ 1)
      return keyText(seed).text !== keyText(other).text
    })
  )
})

t.test('one wrong character is told from a key without a look at the store', async () => {
  const { text } = keyText(bytes)
  fc.assert(
    fc.property(fc.nat({ max: text.length - 1 }), fc.constantFrom(...'0123456789abcdefg_-'), (index, character) => {
      fc.pre(text[index] !== character)
      return keyId(text.slice(0, index) + character + text.slice(index + 1)) === undefined
    })
  )
})

t.test('what is no key has no id', async (t) => {
  const { text } = keyText(bytes)
  for (const other of ['', 'ptl_', text.slice(0, -1), `${text}0`, ` ${text}`, `${text}\n`, text.toUpperCase()])
    t.equal(keyId(other), undefined, JSON.stringify(other))
})

function keyOf(rest: Partial<Key> = {}): Key {
  const { id, text } = keyText(bytes)
  return { id, hash: keyHash(text), scopes: ['catalogue:read'], createdAt: 0, ...rest }
}

t.test('a key is known by its whole text', async (t) => {
  const { text } = keyText(bytes)
  t.strictSame(presentedKey(keyOf(), keyHash(text)), keyOf())
  t.equal(presentedKey(keyOf(), keyHash(keyText(bytes.with(37, 0)).text)), undefined)
  t.equal(presentedKey(keyOf(), keyHash('')), undefined)
  t.notMatch(JSON.stringify(keyOf()), text.slice(17, 81), 'the secret is not kept')
})

t.test('a key can be used until it expires or is revoked', async (t) => {
  t.ok(isUsable(keyOf(), 1000))
  t.ok(isUsable(keyOf({ expiresAt: 1000 }), 999))
  t.notOk(isUsable(keyOf({ expiresAt: 1000 }), 1000))
  t.notOk(isUsable(keyOf({ revokedAt: 5 }), 1000))
})

t.test('admin may do everything, a publisher may read, and nothing else is implied', async (t) => {
  const granted = Object.fromEntries(
    keyScopes.map((scope) => [scope, keyScopes.filter((wanted) => hasScope({ scopes: [scope] }, wanted))])
  )
  t.same(granted, {
    'catalogue:read': ['catalogue:read'],
    'catalogue:publish': ['catalogue:read', 'catalogue:publish'],
    'catalogue:override': ['catalogue:override'],
    'feed:write': ['feed:write'],
    'site:publish': ['catalogue:read', 'site:publish'],
    'subscriptions:write': ['subscriptions:write'],
    'keys:manage': ['keys:manage'],
    'metrics:read': ['metrics:read'],
    admin: [...keyScopes]
  })
  t.notOk(hasScope({ scopes: [] }, 'catalogue:read'))
})

t.test('a secret that a rotation replaced is good for a while, and never for longer than its key', async (t) => {
  const [now, before, other] = ['a', 'b', 'c'].map(keyHash)
  const key = keyOf({ hash: now ?? '', previous: { hash: before ?? '', until: 2000 } })
  t.strictSame(presentedKey(key, now ?? ''), key)
  const old = presentedKey(key, before ?? '')
  t.match(old, { hash: before, expiresAt: 2000 })
  t.ok(old && isUsable(old, 1999))
  t.notOk(old && isUsable(old, 2000))
  t.match(presentedKey({ ...key, expiresAt: 1500 }, before ?? ''), { expiresAt: 1500 })
  t.equal(presentedKey(key, other ?? ''), undefined)
})

t.test('a key that names addresses is good from there only', async (t) => {
  const cidrs = ['2001:db8::/32', '198.51.100.0/24', '203.0.113.7']
  for (const address of ['198.51.100.1', '203.0.113.7', '2001:db8:1::1']) t.ok(isAllowedFrom({ cidrs }, address))
  for (const address of ['198.51.101.1', '203.0.113.8', '2001:db9::1', '', 'fe80::1%eth0', 'unix:'])
    t.notOk(isAllowedFrom({ cidrs }, address), address)
  t.notOk(isAllowedFrom({ cidrs: [] }, '203.0.113.7'))
  t.ok(isAllowedFrom({}, ''))
})
