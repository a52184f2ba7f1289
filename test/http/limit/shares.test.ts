import { Socket } from 'node:net'
import t from 'tap'
import type { Payer } from '../../../src/http/limit/payer.ts'
import { Shares } from '../../../src/http/limit/shares.ts'
import { fc } from '../../support/scale.ts'

const address = (id: string): Payer => ({ kind: 'address', id })
const key = (id: string): Payer => ({ kind: 'key', id })

t.test('an address holds 20, a key 200, and one gives back what it does not need', async (t) => {
  const shares = new Shares()
  for (const [payer, most] of [
    [address('192.0.2.1'), 20],
    [address('192.0.2.2'), 20],
    [key('a'), 200]
  ] as const) {
    const held = Array.from({ length: most }, () => shares.hold(payer, new Socket()))
    t.throws(() => shares.hold(payer, new Socket()), { code: 'busy' })
    held[0]?.leave()
    held[0]?.leave()
    shares.hold(payer, new Socket())
    t.throws(() => shares.hold(payer, new Socket()), { code: 'busy' }, 'one share comes back once')
  }
  t.strictSame(shares.counts, { held: { key: 200, address: 40 }, refused: { key: 2, address: 4 } })
})

t.test('4,000 are open in all, of which a tenth is for keys', async (t) => {
  const shares = new Shares()
  for (let client = 0; client < 180; client += 1)
    for (let one = 0; one < 20; one += 1) shares.hold(address(`192.0.2.${client}`), new Socket())
  t.throws(() => shares.hold(address('198.51.100.1'), new Socket()), { code: 'busy' })
  for (let one = 0; one < 400; one += 1) shares.hold(key(one % 2 === 0 ? 'a' : 'b'), new Socket())
  t.throws(() => shares.hold(key('c'), new Socket()), { code: 'busy' })
})

t.test('what keys hold beyond their tenth leaves less for addresses', async (t) => {
  const shares = new Shares({ address: 100, key: 100, all: 20 })
  for (let one = 0; one < 10; one += 1) shares.hold(key('a'), new Socket())
  for (let one = 0; one < 10; one += 1) shares.hold(address('192.0.2.1'), new Socket())
  t.throws(() => shares.hold(address('192.0.2.1'), new Socket()), { code: 'busy' })
})

t.test('a share comes back when its connection closes, also one that has closed before', async (t) => {
  const shares = new Shares({ address: 1, key: 1, all: 10 })
  const gone = new Socket().destroy()
  shares.hold(address('192.0.2.1'), gone)
  const socket = new Socket()
  shares.hold(address('192.0.2.1'), socket)
  t.throws(() => shares.hold(address('192.0.2.1'), new Socket()), { code: 'busy' })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.destroy()
  await closed
  shares.hold(address('192.0.2.1'), new Socket())
})

t.test('a connection passes to a key that has room for it, and only then', async (t) => {
  const shares = new Shares({ address: 1, key: 1, all: 10 })
  const first = shares.hold(address('192.0.2.1'), new Socket())
  first.pass(key('a'))
  t.strictSame(shares.counts.held, { key: 1, address: 0 })
  const second = shares.hold(address('192.0.2.1'), new Socket())
  second.pass(key('a'))
  t.strictSame(shares.counts.held, { key: 1, address: 1 })
  second.leave()
  first.leave()
  first.pass(key('b'))
  t.strictSame(shares.counts.held, { key: 0, address: 0 })
})

t.test('whatever comes, passes and goes, no bound is passed and no share is lost', async () => {
  const payers = [address('1'), address('2'), key('a'), key('b')]
  const step = fc.record({
    payer: fc.constantFrom(...payers),
    action: fc.constantFrom('hold', 'pass', 'leave'),
    which: fc.nat(50)
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const shares = new Shares({ address: 4, key: 6, all: 10 })
      const open: ReturnType<Shares['hold']>[] = []
      for (const { payer, action, which } of steps) {
        const share = open[which % Math.max(1, open.length)]
        if (action === 'pass') share?.pass(payer)
        if (action === 'leave' && share) open.splice(open.indexOf(share), 1)[0]?.leave()
        if (action === 'hold') {
          try {
            open.push(shares.hold(payer, new Socket()))
          } catch {}
        }
        const { key, address } = shares.counts.held
        if (key + address !== open.length || open.length > 10 || address > 9) return false
      }
      for (const share of open) share.leave()
      return shares.counts.held.key === 0 && shares.counts.held.address === 0
    })
  )
})
