import t from 'tap'
import { parseDocument } from '../../../src/domain/document/parse-document.ts'
import { icmpCodeNames, icmpCodeNumber } from '../../../src/domain/network/icmp-code.ts'
import { address, documentOf, requirement, written } from '../document/support/sample.ts'

const withCode = (transport: string, type: unknown, code: unknown) =>
  requirement('a', [address(transport === 'icmp' ? '9.9.9.9' : '2620:fe::fe')], {
    services: [{ transport, icmp: { type, code } }]
  })
const icmpOf = (transport: string, type: unknown, code: unknown) =>
  documentOf([withCode(transport, type, code)]).requirements[0]?.services[0]?.icmp

t.test("a code may be written by IANA's name of a code of its type, and is answered as a number", async (t) => {
  t.strictSame(icmpOf('icmp', 'destination-unreachable', 'port-unreachable'), { type: 3, code: 3 })
  t.strictSame(icmpOf('icmp', 3, 'fragmentation-needed'), { type: 3, code: 4 })
  t.strictSame(icmpOf('icmpv6', 'destination-unreachable', 'port-unreachable'), { type: 1, code: 4 })
  t.strictSame(icmpOf('icmpv6', 'time-exceeded', 'hop-limit-exceeded-in-transit'), { type: 3, code: 0 })
})

t.test('every name of a code is in lower case with hyphens, of a number from 0 to 255', async (t) => {
  for (const transport of ['icmp', 'icmpv6'] as const)
    for (let type = 0; type <= 255; type++)
      for (const name of icmpCodeNames(transport, type)) {
        t.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)*$/)
        const number = icmpCodeNumber(transport, type, name) ?? -1
        t.ok(Number.isInteger(number) && number >= 0 && number <= 255, name)
        t.strictSame(icmpOf(transport, type, name), { type, code: number })
      }
})

t.test(
  'a name that the type has no code of is answered with the nearest one, or with the wish for a number',
  async (t) => {
    const detail = (transport: string, type: unknown, code: unknown) => {
      const parsed = parseDocument(written([withCode(transport, type, code)]))
      return 'faults' in parsed ? parsed.faults.map((fault) => `${fault.pointer} ${fault.detail}`).join() : ''
    }
    t.equal(
      detail('icmp', 3, 'port-unreachible'),
      '/requirements/0/services/0/icmp/code type 3 of icmp has no code "port-unreachible": did you mean "port-unreachable"?'
    )
    t.match(
      detail('icmp', 'echo-request', 'port-unreachable'),
      'type 8 of icmp has no code "port-unreachable": write its number'
    )
    t.match(detail('icmp', 3, 'constructor'), 'has no code "constructor"')
    t.match(detail('icmp', 3, 256), '/requirements/0/services/0/icmp/code')
  }
)
