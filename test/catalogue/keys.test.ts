import { randomBytes } from 'node:crypto'
import t from 'tap'
import { createKey, Keys } from '../../src/catalogue/keys.ts'
import { keyText } from '../../src/domain/key.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'

/** Keys on a store that writes down what it is asked. */
async function openKeys(t: { teardown(close: () => Promise<void>): void }) {
  const store = await openStore('sqlite::memory:')
  t.teardown(() => store.close())
  const time = { now: 1000 }
  const asked: (readonly string[] | undefined)[] = []
  const watched: Pick<Store, 'keys' | 'markKeysUsed'> = {
    markKeysUsed: store.markKeysUsed,
    keys(ids) {
      asked.push(ids)
      return store.keys(ids)
    }
  }
  const now = () => time.now
  return {
    store,
    time,
    asked,
    keys: new Keys(watched, now),
    create: () => createKey({ store, now, random: randomBytes }, { scopes: ['catalogue:read'] })
  }
}

const stranger = () => keyText(randomBytes(38))

t.test('a key that another process makes is known as soon as it is presented', async (t) => {
  const { keys, create } = await openKeys(t)
  await keys.refresh()
  const { key, text } = await create()
  t.equal(keys.find(text), undefined)
  await keys.learn(text)
  t.strictSame(keys.find(text), key)
  t.equal(keys.learn(text), undefined, 'a key that is known asks nothing')
})

t.test('an id that no key has is asked for once in a second', async (t) => {
  const { keys, time, asked } = await openKeys(t)
  const { id, text } = stranger()
  await keys.learn(text)
  t.equal(keys.learn(text), undefined)
  time.now += 1000
  await keys.learn(text)
  t.strictSame(asked, [[id], [id]])
})

t.test('what has not the form of a key, or not its checksum, asks nothing', async (t) => {
  const { keys, asked } = await openKeys(t)
  const { text } = stranger()
  for (const wrong of [
    '',
    'ptl_',
    text.slice(0, -1),
    `${text}0`,
    text.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  ])
    t.equal(keys.learn(wrong), undefined)
  t.strictSame(asked, [])
})

t.test('requests that come together ask once for all of their keys', async (t) => {
  const { keys, asked, create } = await openKeys(t)
  const [first, second] = [stranger(), stranger()]
  const { key, text } = await create()
  const running = [first, first, second].map((each) => keys.learn(each.text))
  await Promise.resolve()
  const late = [second.text, text, text].map((each) => keys.learn(each))
  await Promise.all([...running, ...late])
  t.ok(asked.length <= 2)
  t.strictSame(new Set(asked.flat()), new Set([first.id, second.id, key.id]))
  t.equal(asked.flat().length, 3, 'nobody is asked for twice')
  t.strictSame(keys.find(text), key)
})

t.test('the memory of ids that no key has is bounded: the oldest is asked for again', async (t) => {
  const { keys } = await openKeys(t)
  const strangers = Array.from({ length: 10_001 }, stranger)
  await Promise.all(strangers.map(({ text }) => keys.learn(text)))
  const [first, ...others] = strangers.map(({ text }) => keys.learn(text))
  t.not(first, undefined)
  t.ok(others.every((asked) => asked === undefined))
  await first
})

t.test('an answer of the store that comes late does not bring a revoked key back', async (t) => {
  const { keys, store, create } = await openKeys(t)
  const { key, text } = await create()
  const early = keys.refresh()
  await store.revokeKey(key.id, 1000)
  await Promise.all([early, keys.refresh()])
  t.equal(keys.find(text), undefined)
})

t.test('a store that cannot be asked does not turn a key into an unknown one', async (t) => {
  const { store, create } = await openKeys(t)
  const { key, text } = await create()
  let isDown = true
  const keys = new Keys(
    {
      markKeysUsed: store.markKeysUsed,
      async keys(ids) {
        if (isDown) throw new Error('down')
        return store.keys(ids)
      }
    },
    () => 1000
  )
  await t.rejects(keys.learn(text) ?? Promise.resolve(), { message: 'down' })
  isDown = false
  await keys.learn(text)
  t.strictSame(keys.find(text), key)
})
