import fc from 'fast-check'
import type { Document } from '../../../../src/domain/document/document.ts'
import { parseDocument } from '../../../../src/domain/document/parse-document.ts'
import type { Instant } from '../../../../src/domain/time/instant.ts'
import type { Written } from './sample.ts'

/** The only instants at which anything begins or ends, so that they often meet. */
export const grid = ['2020-01-01', '2020-02-01', '2020-03-01', '2020-04-01', '2020-05-01'].map(
  (date) => `${date}T00:00:00Z`
)

/** On the grid, a millisecond to either side of it, and far away. */
export const arbitraryInstant: fc.Arbitrary<Instant> = fc.oneof(
  fc.tuple(fc.constantFrom(...grid), fc.constantFrom(-1, 0, 1)).map(([text, step]) => Date.parse(text) + step),
  fc.constantFrom(Date.parse('1990-01-01T00:00:00Z'), Date.parse('2090-01-01T00:00:00Z'))
)

const hosts = [
  'example.net',
  'a.example.net',
  'b.a.example.net',
  '*.example.net',
  '*.a.example.net',
  'xn--bcher-kva.example'
]
const addresses = [
  '192.0.2.1',
  '192.0.2.0/24',
  '192.0.2.128/25',
  '192.0.0.0/16',
  '9.0.0.1',
  '0.0.0.0/0',
  '2001:db8::1',
  '2001:db8::/32',
  '2001:db8:0:1::/64',
  '::/0',
  '224.0.1.1',
  'ff05::2'
]
const identities = [
  ...hosts.map((value) => ({ kind: 'host', value })),
  ...addresses.map((value) => ({ kind: 'address', value })),
  ...['*cdn.example.net', 'a.*.example.net', '<tenant>.example.net'].map((value) => ({ kind: 'pattern', value })),
  ...['a.example.net/b/', 'a.example.net/c', 'example.net/B'].map((value) => ({ kind: 'url', value })),
  ...['admins', 'syslog'].map((value) => ({ kind: 'role', value })),
  ...['cloud', 'a.example.net'].map((value) => ({ kind: 'feed', value })),
  { kind: 'any', value: '' }
] as const

/** Names that every object has by birth are names that an author may choose. */
const words = fc.constantFrom('one', 'two', 'constructor')
const text = fc.constantFrom('Some text', 'Andere Wörter', '日本 🗾', '"quoted" \\ / <b>')
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })

interface Details {
  readonly title: string
  readonly url: string
  readonly select: Record<string, string[]> | undefined
  readonly remarks: string | undefined
  readonly tags: readonly string[]
  readonly serves: readonly string[]
  readonly replacedBy: readonly string[]
}

/** Everything that a requirement says of one value: in which cells of the grid it holds, and where one row ends and the next begins. */
interface Holding {
  readonly identity: (typeof identities)[number]
  readonly cells: readonly boolean[]
  readonly cuts: readonly boolean[]
  readonly details: readonly Details[]
}

interface RequirementPlan {
  readonly key: string
  readonly previousKeys: readonly string[]
  readonly fields: Written
  readonly holdings: readonly Holding[]
}

interface DocumentPlan {
  readonly profile: Written
  readonly edition: Written
  readonly requirements: readonly RequirementPlan[]
}

const details: fc.Arbitrary<Details> = fc.record({
  title: text,
  url: fc.constantFrom('https://example.net/feed.json', 'https://example.org/?a=1'),
  select: maybe(
    fc.dictionary(fc.constantFrom('region', 'constructor', 'toString'), fc.subarray(['x', 'y'], { minLength: 1 }), {
      minKeys: 1
    })
  ),
  remarks: maybe(text),
  tags: fc.subarray(['eu', 'us'], { maxLength: 2 }),
  serves: fc.subarray(hosts, { maxLength: 2 }),
  replacedBy: fc.subarray(
    identities.map(({ value }) => value).filter((value) => value !== ''),
    { maxLength: 2 }
  )
})

const cellCount = grid.length + 1
const holding: fc.Arbitrary<Holding> = fc.record({
  identity: fc.constantFrom(...identities),
  cells: fc.oneof(
    fc.constant(Array.from({ length: cellCount }, () => true)),
    fc
      .array(fc.boolean(), { minLength: cellCount, maxLength: cellCount })
      .map((cells) => (cells.includes(true) ? cells : [...cells.slice(1), true]))
  ),
  cuts: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.boolean(), { minLength: grid.length, maxLength: grid.length }) }
  ),
  details: fc.array(details, { minLength: 1, maxLength: 3 })
})

const range = fc
  .tuple(fc.constantFrom(80, 443, 8000), fc.constantFrom(0, 1, 20))
  .map(([from, more]) => ({ from, to: from + more }))
// In order, so that two services are the same exactly where their text is.
const ranges = fc
  .uniqueArray(range, { minLength: 1, maxLength: 2, selector: ({ from }) => from })
  .map((list) => list.sort((a, b) => a.from - b.from))
const service = fc.oneof(
  fc.record(
    {
      transport: fc.constantFrom('tcp', 'udp', 'sctp', 'dccp'),
      ports: ranges,
      sourcePorts: ranges,
      application: fc.constantFrom('http', 'dns')
    },
    { requiredKeys: ['transport'] }
  ),
  fc.record(
    { transport: fc.constant('icmp'), icmp: fc.record({ type: fc.constantFrom(0, 8) }) },
    { requiredKeys: ['transport'] }
  ),
  fc.record(
    { transport: fc.constant('icmpv6'), icmp: fc.record({ type: fc.constantFrom(1, 128) }) },
    { requiredKeys: ['transport'] }
  ),
  fc.record({ transport: fc.constantFrom('esp', 'gre', 'igmp', 'vrrp', 'ip/97', 'any') })
)

/** What is conditional has a condition, and what is optional may have one. */
const necessity: fc.Arbitrary<Written> = fc.oneof(
  fc.constantFrom({ necessity: 'required' }, { necessity: 'optional' }),
  fc.record({ necessity: fc.constantFrom('optional', 'conditional'), condition: text })
)

const fields: fc.Arbitrary<Written> = fc
  .tuple(
    necessity,
    fc.record(
      {
        title: text,
        component: fc.constantFrom('server', 'agent'),
        scope: fc.constantFrom('external', 'internal'),
        direction: fc.constantFrom('inbound', 'outbound', 'both'),
        services: fc.uniqueArray(service, { minLength: 1, maxLength: 3, selector: (value) => JSON.stringify(value) }),
        proxy: fc.record({ httpProxy: fc.constantFrom('allowed', 'forbidden') }),
        inferred: fc.subarray(['direction', 'ports', 'owner'], { minLength: 1 }),
        tags: fc.subarray(['antivirus', 'updates'], { minLength: 1 }),
        remarks: text,
        owner: text,
        externalIds: fc.dictionary(words, fc.constantFrom('1', '2'), { minKeys: 1 }),
        references: fc.array(fc.record({ url: fc.constantFrom('https://example.net/', 'https://example.org/') }), {
          minLength: 1,
          maxLength: 2
        })
      },
      { requiredKeys: ['title', 'scope', 'direction', 'services'] }
    )
  )
  .map(([necessity, rest]) => ({ ...rest, ...necessity }))

const components = ['server', 'agent'].map((key) => ({ key, title: `The ${key}` }))
const keys = ['alpha', 'beta', 'gamma', 'delta', 'constructor']
const formerKeys = ['alpha.old', 'beta', 'gamma', 'was']
const requirementPlan: fc.Arbitrary<RequirementPlan> = fc.record({
  key: fc.constantFrom(...keys),
  previousKeys: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.subarray(formerKeys) }),
  fields,
  holdings: fc.array(holding, { maxLength: 6 })
})

const profile: fc.Arbitrary<Written> = fc.record(
  {
    components: fc.constantFrom(components, [...components].reverse()),
    variables: fc.constant([{ key: 'tenant', title: 'Your tenant' }]),
    title: text,
    version: fc.constantFrom('1', '2'),
    aliases: fc.subarray(['An alias', 'Another'], { minLength: 1 }),
    timeZone: fc.constantFrom('UTC', 'Europe/London'),
    successor: fc.constant('other'),
    endOfSupport: fc.constantFrom('2030-01', '2031-01-01'),
    announces: fc.boolean(),
    guidance: fc.uniqueArray(fc.record({ key: words, topic: words, text }), {
      minLength: 1,
      maxLength: 3,
      selector: ({ key }) => key
    })
  },
  { requiredKeys: ['title', 'version', 'components', 'variables'] }
)
const edition: fc.Arbitrary<Written> = fc.record(
  {
    label: fc.constantFrom('1', '2', '2.3'),
    date: fc.constantFrom('2020', '2020-01'),
    summary: text,
    reason: text,
    reconstructed: fc.boolean(),
    source: fc.record(
      {
        adapter: fc.constant('aws'),
        url: fc.constantFrom('https://example.net/list', 'https://example.net/other'),
        token: fc.constantFrom('1', '2'),
        digest: fc.constantFrom(`sha256:${'0'.repeat(64)}`, `sha256:${'1'.repeat(64)}`)
      },
      { requiredKeys: ['adapter', 'url', 'digest'] }
    )
  },
  { requiredKeys: ['label', 'summary'] }
)
const documentPlan: fc.Arbitrary<DocumentPlan> = fc.record({
  profile,
  edition,
  requirements: fc.array(requirementPlan, { maxLength: 4 })
})

/** Any canonical document, small and full of collisions. */
export const arbitraryDocument: fc.Arbitrary<Document> = documentPlan.map(writeDocument)

const fates = ['keep', 'keep', 'remove', 'rename', 'rewrite', 'replace', 'swap'] as const
type Fate = (typeof fates)[number]

/** A document and one that an author made out of it: rows kept, removed, renamed, rewritten, moved and added. */
export const arbitraryEdit: fc.Arbitrary<readonly [Document, Document]> = fc
  .record({
    before: documentPlan,
    donor: documentPlan,
    fates: fc.array(fc.constantFrom(...fates), { minLength: 4, maxLength: 4 }),
    keepsHoldings: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    keepsProfile: fc.boolean(),
    keepsOrder: fc.boolean(),
    newcomers: fc.nat({ max: 2 })
  })
  .map(({ before, donor, ...edit }) => {
    const taken = (index: number) => donor.requirements[index % Math.max(1, donor.requirements.length)]
    const kept = before.requirements.flatMap((plan, index): RequirementPlan[] =>
      alter(plan, edit.fates[index] ?? 'keep', taken(index), edit.keepsHoldings)
    )
    const after = [...donor.requirements.slice(0, edit.newcomers), ...kept]
    if (!edit.keepsOrder) after.reverse()
    return [
      writeDocument(before),
      writeDocument({
        profile: edit.keepsProfile ? before.profile : donor.profile,
        edition: edit.keepsProfile ? before.edition : donor.edition,
        requirements: after
      })
    ]
  })

function alter(
  plan: RequirementPlan,
  fate: Fate,
  donor: RequirementPlan | undefined,
  keeps: readonly boolean[]
): RequirementPlan[] {
  const { key, previousKeys, fields, holdings } = plan
  switch (fate) {
    case 'keep':
      return [plan]
    case 'remove':
      return []
    case 'rename':
      return [
        {
          key: `${key}.new`,
          previousKeys: [key, ...previousKeys],
          fields,
          holdings: holdings.filter((_, index) => keeps[index])
        }
      ]
    case 'rewrite':
      return [{ ...plan, fields: donor?.fields ?? fields }]
    case 'replace':
      return [{ ...plan, holdings: donor?.holdings ?? [] }]
    case 'swap':
      return [{ ...plan, holdings: [...holdings.filter((_, index) => keeps[index]), ...(donor?.holdings ?? [])] }]
    default:
      throw new Error(`unknown fate ${fate satisfies never}`)
  }
}

function writeDocument({ profile, edition, requirements }: DocumentPlan): Document {
  const present = new Map(requirements.map((plan) => [plan.key, plan]))
  const plans = [...present.values()]
  const holdings = plans.flatMap((plan) => plan.holdings)
  const named = new Set<string>(holdings.map(({ identity }) => identity.value))
  const namedHosts = new Set<string>(
    holdings.filter(({ identity }) => identity.kind === 'host').map(({ identity }) => identity.value)
  )
  const claimed = new Set(present.keys())
  const parsed = parseDocument({
    id: 'gateway',
    vendor: 'Example',
    product: 'Gateway',
    ...profile,
    edition,
    requirements: plans.map(({ key, previousKeys, fields, holdings }) => ({
      key,
      previousKeys: previousKeys.filter((previous) => claimed.size < claimed.add(previous).size),
      ...fields,
      endpoints: holdings
        .filter(({ identity }, index) => holdings.findIndex((other) => other.identity === identity) === index)
        .flatMap((each) => writeHolding(each, named, namedHosts))
    }))
  })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.document
}

function writeHolding(
  { identity, cells, cuts, details }: Holding,
  named: ReadonlySet<string>,
  hosts: ReadonlySet<string>
): Written[] {
  const rows: Written[] = []
  let from: number | undefined
  for (let cell = 0; cell <= cells.length; cell += 1) {
    const holds = cells[cell] ?? false
    const ends = from !== undefined && (!holds || cuts[cell - 1])
    if (from !== undefined && ends) {
      const fields = details[rows.length % details.length]
      if (fields) rows.push(writeEndpoint(identity, grid[from - 1], grid[cell - 1], fields, named, hosts))
      from = undefined
    }
    if (holds && from === undefined) from = cell
  }
  return rows
}

function writeEndpoint(
  { kind, value }: Holding['identity'],
  from: string | undefined,
  until: string | undefined,
  { title, url, select, remarks, tags, serves, replacedBy }: Details,
  named: ReadonlySet<string>,
  hosts: ReadonlySet<string>
): Written {
  return {
    kind,
    ...(kind !== 'any' && { value }),
    ...(kind === 'role' && { title }),
    ...(kind === 'feed' && { url, ...(select && { select }) }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...(kind === 'address' && { serves: serves.filter((each) => hosts.has(each)) }),
    replacedBy: replacedBy.filter((each) => named.has(each)),
    ...(remarks !== undefined && { remarks }),
    tags
  }
}
