import fc from 'fast-check'
import { inferable } from '../../../../src/domain/document/document.ts'
import type { Authored } from './authored.ts'

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const record = (model: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .record(model)
    .map((fields): Authored => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))

const name = fc.stringMatching(/^[a-z0-9]{1,4}(?:[-._][a-z0-9]{1,3})?$/)
const line = fc.oneof(
  fc.constantFrom('Mail gateway', ' DNS ', 'Zu\u0308rich', '日本', 'a\u200cb'),
  fc.string({ unit: 'grapheme', maxLength: 20 })
)
const readable = (text: string) =>
  /[\p{L}\p{N}]/u.test(text) && !/[\p{C}\p{Zl}\p{Zp}\u3164\uffa0]/u.test(text.replaceAll('\u200c', ''))
const title = line.filter(readable)
const prose = fc.array(title, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\r\n'))
const moment = fc.oneof(
  fc.constantFrom('2018-10', '2018-11-22', '2018-11-22T00:00:00Z', '2018-11-22T01:30:00.25+05:30'),
  fc
    .date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString())
)

const host = fc.constantFrom('a.example', 'B.example.', 'bücher.example', '*.c.example', 'intranet')
const address = fc.constantFrom(
  '192.0.2.1',
  '192.0.2.0/24',
  '9.9.9.9/32',
  '2001:DB8::1',
  '2001:db8::/32',
  '10.0.0.0/8',
  '198.51.100.7'
)
const port = fc.constantFrom(80, '443', '1024-2047', { from: 20, to: 21 }, 8080, '9000-9000')
const ports = fc.uniqueArray(port, { minLength: 1, maxLength: 4, selector: (value) => JSON.stringify(value) })

const service = fc.oneof(
  record({
    transport: fc.constantFrom('tcp', 'udp', 'sctp'),
    ports: optional(ports),
    sourcePorts: optional(ports),
    application: optional(fc.constantFrom('http', 'dns', 'h323/1'))
  }),
  record({ transport: fc.constant('icmp'), icmp: optional(fc.constantFrom({ type: 8 }, { type: 8, code: 0 })) }),
  record({ transport: fc.constant('any') })
)

const rest = {
  from: fc.constant(undefined),
  until: optional(moment),
  // All hosts and addresses stand in the first requirement, so that they may be named anywhere.
  replacedBy: optional(fc.array(fc.oneof(host, address), { minLength: 1, maxLength: 3 })),
  remarks: optional(prose),
  tags: optional(fc.array(name, { minLength: 1, maxLength: 3 }))
}
const endpoint = fc.oneof(
  record({ kind: fc.constant('host'), value: host, ...rest }),
  record({
    kind: fc.constant('address'),
    value: address,
    serves: optional(fc.array(host, { minLength: 1, maxLength: 3 })),
    ...rest
  }),
  record({ kind: fc.constant('role'), value: name, title, ...rest }),
  record({
    kind: fc.constant('feed'),
    value: name,
    url: fc.webUrl().map((url) => url.slice(0, 500)),
    select: optional(
      fc.dictionary(title, fc.array(title, { minLength: 1, maxLength: 3 }), { minKeys: 1, maxKeys: 3 }).map(uniqueClean)
    ),
    ...rest
  }),
  record({ kind: fc.constant('any'), ...rest })
)
const identity = (value: Authored) => `${value.kind} ${String(value.value).toLowerCase().replace(/\.$/, '')}`

/** Titles that differ before they are cleaned may be one after. */
function uniqueClean(select: Readonly<Record<string, readonly string[]>>): Authored {
  return Object.fromEntries(Object.entries(select).map(([key, values], index) => [`${index} ${key}`, values]))
}

const named = [
  ...['a.example', 'b.example', 'bücher.example', '*.c.example', 'intranet'].map((value) => ({ kind: 'host', value })),
  ...['192.0.2.1', '192.0.2.0/24', '9.9.9.9', '2001:db8::1', '2001:db8::/32', '10.0.0.0/8', '198.51.100.7'].map(
    (value) => ({
      kind: 'address',
      value
    })
  )
]

const requirement = (key: string) =>
  record({
    key: fc.constant(key),
    previousKeys: optional(
      fc.array(
        name.map((old) => `${key}-was-${old}`),
        { minLength: 1, maxLength: 3 }
      )
    ),
    title,
    scope: fc.constantFrom('external', 'internal'),
    direction: fc.constantFrom('inbound', 'outbound', 'both'),
    necessity: fc.constant('conditional'),
    condition: prose,
    component: optional(fc.constantFrom('server', 'agent')),
    inferred: optional(fc.array(fc.constantFrom(...inferable), { minLength: 1 })),
    services: fc.uniqueArray(service, { minLength: 1, maxLength: 4, selector: serviceIdentity }),
    proxy: optional(fc.constantFrom({ tlsInspection: 'forbidden', httpProxy: 'allowed' }, { httpProxy: 'forbidden' })),
    tags: optional(fc.array(name, { minLength: 1, maxLength: 4 })),
    remarks: optional(prose),
    owner: optional(title),
    externalIds: optional(fc.dictionary(name, title, { minKeys: 1, maxKeys: 3 })),
    references: optional(
      fc.array(record({ title: optional(title), url: fc.webUrl() }), { minLength: 1, maxLength: 3 })
    ),
    endpoints: fc.uniqueArray(endpoint, { maxLength: 8, selector: identity })
  })

/** Ports are a set, so two services may be one in another order. */
function serviceIdentity({ ports = [], sourcePorts = [], ...fields }: Authored): string {
  return JSON.stringify([
    fields.transport,
    sortedTexts(ports),
    sortedTexts(sourcePorts),
    fields.icmp ?? '',
    fields.application ?? ''
  ])
}
const sortedTexts = (list: unknown) => (Array.isArray(list) ? list.map((item) => JSON.stringify(item)).sort() : [])

/** Documents without faults, as people may write them. */
export const arbitraryAuthored = record({
  id: name,
  title,
  vendor: title,
  product: title,
  version: title,
  aliases: optional(fc.array(title, { minLength: 1, maxLength: 3 })),
  timeZone: optional(fc.constantFrom('UTC', 'Europe/London', 'America/Sao_Paulo')),
  successor: optional(name.map((next) => `next-${next}`)),
  endOfSupport: optional(moment),
  components: fc.constant([
    { key: 'server', title: 'Server' },
    { key: 'agent', title: 'Agent' }
  ]),
  guidance: optional(
    fc.uniqueArray(record({ key: name, topic: name, text: prose }), {
      minLength: 1,
      maxLength: 3,
      selector: ({ key }) => key
    })
  ),
  announces: optional(fc.boolean()),
  edition: record({
    label: title,
    date: optional(fc.constantFrom('2018', '2018-10', '2018-10-01')),
    summary: prose,
    reason: optional(prose),
    reconstructed: optional(fc.boolean()),
    publishedAt: optional(moment)
  }),
  requirements: fc
    .tuple(requirement('first'), requirement('second'), requirement('third'))
    .map(([first, ...others]) => [{ ...first, endpoints: named }, ...others])
})

const sets = [
  'aliases',
  'previousKeys',
  'inferred',
  'services',
  'tags',
  'endpoints',
  'serves',
  'replacedBy',
  'ports',
  'sourcePorts'
]

/** The same content with its sets and the fields of its objects in another order. */
export function shuffled(value: unknown, random: Iterator<number>, isSet = false): unknown {
  const mix = <T>(list: readonly T[]): T[] =>
    list
      .map((item) => ({ item, place: Number(random.next().value) }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item)
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffled(item, random))
    return isSet ? mix(items) : items
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(
    ([key, field]) => [key, shuffled(field, random, sets.includes(key))] as const
  )
  return Object.fromEntries(mix(entries))
}
