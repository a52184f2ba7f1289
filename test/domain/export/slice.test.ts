import t from 'tap'
import { narrowTo, sliceOf, slicesOf } from '../../../src/domain/export/slice.ts'
import { viewAt } from '../../../src/domain/view/view.ts'
import { address, at, documentOf, requirement, revisionOf } from '../document/support/sample.ts'

t.test('a slice is named by direction, transport and ports', async (t) => {
  const name = (...parameters: Parameters<typeof sliceOf>) => sliceOf(...parameters).name
  t.equal(name('outbound', { transport: 'tcp', ports: [{ from: 80, to: 80 }] }), 'out-tcp-80')
  t.equal(name('inbound', { transport: 'tcp', ports: [{ from: 22, to: 22 }] }), 'in-tcp-22')
  t.equal(name('both', { transport: 'udp', ports: [{ from: 53, to: 53 }] }), 'both-udp-53')
  const two = [
    { from: 21, to: 21 },
    { from: 990, to: 990 }
  ]
  t.equal(name('outbound', { transport: 'tcp', ports: two }), 'out-tcp-21_990')
  t.equal(name('outbound', { transport: 'udp', ports: [{ from: 8000, to: 8100 }] }), 'out-udp-8000-8100')
  t.equal(name('outbound', { transport: 'any' }), 'out-any')
  t.equal(name('outbound', { transport: 'tcp' }), 'out-tcp')
  t.equal(name('outbound', { transport: 'icmp', icmp: { type: 8 } }), 'out-icmp-8')
  t.equal(name('outbound', { transport: 'icmp', icmp: { type: 8, code: 0 } }), 'out-icmp-8-0')
})

t.test('a name stays short, and two lists of ports never share one', async (t) => {
  const many = (first: number) =>
    Array.from({ length: 500 }, (_, index) => ({ from: first + index * 2, to: first + index * 2 }))
  const [a, b] = [many(1), many(2)].map((ports) => sliceOf('outbound', { transport: 'tcp', ports }).name)
  t.match(a, /^out-tcp-500ranges-[0-9a-f]{12}$/)
  t.not(a, b)
})

t.test('source ports and application make no slice of their own', async (t) => {
  const services = [
    { transport: 'udp', ports: [{ from: 123, to: 123 }] },
    { transport: 'udp', ports: [{ from: 123, to: 123 }], sourcePorts: [{ from: 123, to: 123 }] },
    { transport: 'udp', ports: [{ from: 123, to: 123 }], application: 'ntp' }
  ] as const
  t.strictSame(
    slicesOf([{ direction: 'outbound', services }]).map(({ name }) => name),
    ['out-udp-123']
  )
})

t.test('slices stand in one order, whatever the order of the requirements', async (t) => {
  const requirements = [
    { direction: 'both', services: [{ transport: 'udp', ports: [{ from: 53, to: 53 }] }] },
    { direction: 'inbound', services: [{ transport: 'tcp', ports: [{ from: 22, to: 22 }] }] },
    { direction: 'outbound', services: [{ transport: 'any' }, { transport: 'tcp', ports: [{ from: 443, to: 443 }] }] },
    { direction: 'outbound', services: [{ transport: 'tcp', ports: [{ from: 80, to: 80 }] }] }
  ] as const
  const names = ['out-tcp-80', 'out-tcp-443', 'out-any', 'in-tcp-22', 'both-udp-53']
  t.strictSame(
    slicesOf(requirements).map(({ name }) => name),
    names
  )
  t.strictSame(
    slicesOf([...requirements].reverse()).map(({ name }) => name),
    names
  )
})

t.test('a view narrowed to a slice keeps the services of that slice alone', async (t) => {
  const document = documentOf([
    requirement('a', [address('192.0.2.1')], {
      services: [
        { transport: 'tcp', ports: [80] },
        { transport: 'tcp', ports: [443] }
      ]
    }),
    requirement('b', [address('192.0.2.2')])
  ])
  const view = viewAt(document, revisionOf(document), at('2026-01-01'))
  const { requirements } = narrowTo(view, 'out-tcp-80')
  t.strictSame(
    requirements.map(({ key, services }) => [key, services.length]),
    [['a', 1]]
  )
})
