import t from 'tap'
import { parseDocument } from '../../../src/domain/document/parse-document.ts'
import { documentDigest } from '../../../src/domain/history/digest.ts'
import { icmpTypeNames, icmpTypeNumber } from '../../../src/domain/network/icmp-type.ts'
import { address, documentOf, requirement, written } from '../document/support/sample.ts'

const withType = (transport: string, type: unknown) =>
  requirement('a', [address(transport === 'icmp' ? '9.9.9.9' : '2620:fe::fe')], {
    services: [{ transport, icmp: { type } }]
  })
const typeOf = (transport: string, type: unknown) =>
  documentOf([withType(transport, type)]).requirements[0]?.services[0]?.icmp?.type

t.test('a type may be written by the name of its own registry, and is answered as a number', async (t) => {
  t.strictSame([typeOf('icmp', 'echo-reply'), typeOf('icmpv6', 'echo-reply')], [0, 129])
  t.strictSame([typeOf('icmp', 'time-exceeded'), typeOf('icmpv6', 'time-exceeded')], [11, 3])
  t.strictSame([typeOf('icmp', 'echo'), typeOf('icmp', 'echo-request'), typeOf('icmpv6', 'echo-request')], [8, 8, 128])
})

t.test('a name and its number are equal content', async (t) => {
  for (const transport of ['icmp', 'icmpv6'] as const)
    for (const name of icmpTypeNames(transport)) {
      const [byName, byNumber] = [name, icmpTypeNumber(transport, name)].map((type) =>
        documentOf([withType(transport, type)])
      )
      t.strictSame(byName, byNumber, name)
      t.equal(byName && documentDigest(byName), byNumber && documentDigest(byNumber), name)
    }
})

t.test('every name is in lower case with hyphens, of a number from 0 to 255', async (t) => {
  for (const transport of ['icmp', 'icmpv6'] as const)
    for (const name of icmpTypeNames(transport)) {
      t.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)*$/)
      const number = icmpTypeNumber(transport, name) ?? -1
      t.ok(Number.isInteger(number) && number >= 0 && number <= 255, name)
    }
})

t.test('no name that an object has by birth is a type', async (t) => {
  for (const name of ['constructor', 'toString', '__proto__', ''])
    t.equal(icmpTypeNumber('icmp', name), undefined, name)
})

t.test('an unknown name is answered with the nearest one of the same registry', async (t) => {
  const detail = (transport: string, type: string) => {
    const parsed = parseDocument(written([withType(transport, type)]))
    return 'faults' in parsed ? parsed.faults.map((fault) => fault.detail).join() : ''
  }
  t.match(detail('icmp', 'time-exeeded'), 'icmp has no type "time-exeeded": did you mean "time-exceeded"?')
  t.match(detail('icmpv6', 'echo-replay'), 'did you mean "echo-reply"?')
  t.match(detail('icmpv6', 'Echo-Reply'), 'did you mean "echo-reply"?')
  t.match(
    detail('icmp', 'packet-too-big'),
    'icmp has no type "packet-too-big"; there are echo-reply, destination-unreachable'
  )
})
