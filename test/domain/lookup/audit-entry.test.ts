import t from 'tap'
import { parseAuditEntries, portName } from '../../../src/domain/lookup/audit-entry.ts'

t.test('an entry is a target, and a port or a range where it is known', async (t) => {
  const entries = parseAuditEntries([
    { value: ' 203.0.113.7 ' },
    { value: 'Repo.example.net', port: 'tcp/443' },
    { value: '2001:db8::/32', port: 'udp/8000-8100' }
  ])
  t.same(
    entries.map(({ target, port }) => [target.value, port && portName(port)]),
    [
      ['203.0.113.7', undefined],
      ['repo.example.net', 'tcp/443'],
      ['2001:db8::/32', 'udp/8000-8100']
    ]
  )
})

t.test('every fault is told at once, with its place', async (t) => {
  const ports = ['443', 'tcp/', 'tcp/0', 'tcp/65536', 'tcp/9-8', 'tcp/080', 'icmp/1', 'TCP/443', 'tcp/80,443']
  const written = [
    { value: '203.0.113.7' },
    { value: '010.0.0.1', place: 'line 7: ' },
    ...ports.map((port) => ({ value: '203.0.113.7', port }))
  ]
  try {
    parseAuditEntries(written)
    t.fail('they cannot be read')
  } catch (error) {
    t.match(error, { code: 'invalid_body', message: '10 of 11 entries cannot be read.', faults: { length: 10 } })
    t.match(error, {
      faults: [
        { pointer: '/entries/1', code: 'invalid_parameter', detail: /^line 7: .*leading zero/ },
        ...ports.map((port, index) => ({
          pointer: `/entries/${index + 2}`,
          detail: new RegExp(`"${port}" is not a port`)
        }))
      ]
    })
  }
})
