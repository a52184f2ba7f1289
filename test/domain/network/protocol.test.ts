import t from 'tap'
import {
  canonicalTransport,
  compareTransports,
  hasPorts,
  isTransport,
  protocolNumber,
  type Transport,
  transportNames
} from '../../../src/domain/network/protocol.ts'
import { fc } from '../../support/scale.ts'

const numbers = fc.integer({ min: 0, max: 255 })

t.test('every protocol number is a transport, and has one way to be written', async () => {
  fc.assert(
    fc.property(numbers, (number) => {
      const written: Transport = `ip/${number}`
      const canonical = canonicalTransport(written)
      return (
        isTransport(written) &&
        isTransport(canonical) &&
        protocolNumber(canonical) === number &&
        canonicalTransport(canonical) === canonical
      )
    })
  )
})

t.test('a protocol with a name is answered by it', async (t) => {
  t.equal(canonicalTransport('ip/50'), 'esp')
  t.equal(canonicalTransport('ip/6'), 'tcp')
  t.equal(canonicalTransport('ip/97'), 'ip/97')
  t.equal(protocolNumber('any'), undefined)
})

t.test('what is no transport is none', async (t) => {
  for (const text of ['', 'TCP', 'ip', 'ip/', 'ip/256', 'ip/050', 'ip/-1', '50', 'ip/5 0', 'any\n'])
    t.notOk(isTransport(text), JSON.stringify(text))
})

t.test('those that documents had before keep their order, and numbers come last', async (t) => {
  const all: Transport[] = ['ip/97', 'esp', 'any', 'icmp', 'sctp', 'udp', 'tcp', 'ip/3', 'icmpv6']
  t.strictSame(all.sort(compareTransports), ['tcp', 'udp', 'sctp', 'icmp', 'any', 'icmpv6', 'esp', 'ip/3', 'ip/97'])
})

t.test('only these have ports', async (t) => {
  t.strictSame(transportNames.filter(hasPorts), ['tcp', 'udp', 'sctp', 'dccp'])
})
