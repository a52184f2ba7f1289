import t from 'tap'
import { isReached } from '../../../src/domain/webhook/listener.ts'

const machine = ['127.0.0.1', '::1', '192.0.2.7', 'fe80::7']

t.test('a listener at one address is reached there, in each of its notations, and nowhere else', async (t) => {
  for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '::ffff:c000:207'])
    t.ok(isReached(address, ['192.0.2.7'], machine), address)
  for (const address of ['127.0.0.1', '192.0.2.8', '::1', 'nonsense'])
    t.notOk(isReached(address, ['192.0.2.7'], machine), address)
  t.ok(isReached('::1', ['127.0.0.1', '::1'], machine), 'one of several')
})

t.test('one at all addresses is reached at each of the machine, and at all of its loopback', async (t) => {
  for (const any of ['0.0.0.0', '::']) {
    for (const address of [...machine, '127.9.9.9', '::ffff:127.0.0.1', 'fe80::7%eth0'])
      t.ok(isReached(address, [any], machine), `${address} by ${any}`)
    t.notOk(isReached('192.0.2.8', [any], machine))
  }
})

t.test('the unspecified address is this machine', async (t) => {
  for (const address of ['0.0.0.0', '::', '::ffff:0.0.0.0']) t.ok(isReached(address, ['127.0.0.1'], machine), address)
  t.notOk(isReached('0.0.0.0', [], machine), 'nothing listens')
})
