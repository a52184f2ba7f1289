import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { formatInstant } from '../../../../src/domain/time/instant.ts'
import { repository } from '../../../support/repository.ts'
import { fixtures } from './support/fixtures.ts'
import { documentFrom, kindsOf, readList, refusalOfList } from './support/lists.ts'

t.test('a service in a region is a requirement, and a row an address of it', async (t) => {
  const { requirements } = await documentFrom('aws', fixtures.aws)
  t.strictSame(
    requirements.map(({ key }) => key),
    ['amazon.eu-west-1', 'cloudfront.global', 'ec2.us-west-2', 's3.eu-west-1']
  )
  t.strictSame(requirements[2], {
    key: 'ec2.us-west-2',
    title: 'EC2 in us-west-2',
    scope: 'external',
    direction: 'both',
    necessity: 'optional',
    inferred: ['direction', 'necessity', 'ports', 'transport'],
    services: [{ transport: 'any' }],
    tags: ['region-us-west-2', 'service-ec2'],
    externalIds: { 'aws-region': 'us-west-2', 'aws-service': 'EC2' },
    endpoints: [
      { kind: 'address', value: '192.0.2.7', tags: ['border-group-us-west-2-lax-1'] },
      { kind: 'address', value: '203.0.113.0/25' },
      { kind: 'address', value: '2001:db8:1::1' }
    ]
  })
})

t.test('the token is that of the list, and its time is told where the zone is certain', async (t) => {
  const { token, time, notes } = await readList('aws', fixtures.aws)
  t.equal(token, '1787400000')
  t.equal(time === undefined ? '' : formatInstant(time), '2026-08-22T12:00:00Z')
  t.strictSame(
    notes.map(({ kind }) => kind),
    ['taken']
  )
  const eastern = await readList('aws', { ...fixtures.aws, createDate: '2026-08-22-08-00-00' })
  t.equal(eastern.time, undefined)
  t.match(eastern.notes, [{}, { kind: 'left_out', detail: /not the instant of syncToken/ }])
})

t.test('a list from before there were border groups has the same requirements', async (t) => {
  const { network_border_group: _, ...old } = fixtures.aws.prefixes[1]
  const list = {
    ...fixtures.aws,
    prefixes: [old, { ...fixtures.aws.prefixes[3], network_border_group: '' }],
    ipv6_prefixes: []
  }
  const { requirements } = await documentFrom('aws', list)
  t.strictSame(
    requirements.map(({ key, endpoints }) => [key, endpoints]),
    [
      ['ec2.us-west-2', [{ kind: 'address', value: '203.0.113.0/25' }]],
      ['s3.eu-west-1', [{ kind: 'address', value: '198.51.100.0/24' }]]
    ]
  )
})

t.test('select takes rows by the fields of the list, and what it leaves is told', async (t) => {
  const taken = await readList('aws', fixtures.aws, { select: { service: ['s3', 'EC2'], region: ['us-*'] } })
  t.strictSame(
    taken.requirements.map(({ key }) => key),
    ['ec2.us-west-2']
  )
  t.match(taken.notes, [{}, { kind: 'narrowed', detail: 'service=s3,EC2 and region=us-* takes 3 of 7 rows' }])
  const local = await documentFrom('aws', fixtures.aws, { select: { network_border_group: ['us-west-2-lax-1'] } })
  t.strictSame(
    local.requirements.map(({ endpoints }) => endpoints),
    [[{ kind: 'address', value: '192.0.2.7', tags: ['border-group-us-west-2-lax-1'] }]]
  )
})

t.test('a selection that takes nothing says what there is', async (t) => {
  t.equal(
    await refusalOfList('aws', fixtures.aws, { select: { service: ['S4'] } }),
    ' nothing_selected: has nothing to take: no row has service=S4; of service there are: AMAZON, CLOUDFRONT, EC2, S3'
  )
  t.match(
    await refusalOfList('aws', fixtures.aws, { select: { service: ['S3'], region: ['GLOBAL'] } }),
    /nothing_selected/
  )
  t.match(
    await refusalOfList('aws', fixtures.aws, { select: { servce: ['S3'] } }),
    /^invalid_parameter: .*"servce".*did you mean "service"/
  )
})

t.test('a field that nobody knows is told, and a row that stands twice is joined', async (t) => {
  const [first] = fixtures.aws.prefixes
  const list = { ...fixtures.aws, note: 1, prefixes: [first, { ...first, owner: 'x' }, { ...first, owner: 'y' }] }
  const imported = await readList('aws', list)
  t.strictSame(kindsOf(imported), ['taken', 'joined', 'unknown_field', 'unknown_field'])
  t.match(imported.notes[1]?.detail, /^2 values stand more than once/)
  t.match(imported.notes[2]?.detail, /"note" of the list .* once$/)
  t.match(imported.notes[3]?.detail, /"owner" of prefixes .* 2 times$/)
})

t.test('a row that cannot be said refuses the list, with the place of the row', async (t) => {
  const [first] = fixtures.aws.prefixes
  const cases = [
    [
      { ...first, ip_prefix: '198.51.100.1/24' },
      '/prefixes/0/ip_prefix invalid_address: "198.51.100.1/24" has host bits'
    ],
    [{ ...first, ip_prefix: ['198.51.100.0/24'] }, '/prefixes/0/ip_prefix wrong_type: is an array where a CIDR'],
    [{ ...first, service: 7 }, '/prefixes/0/service wrong_type: is a number where a text is needed'],
    [{ ip_prefix: '198.51.100.0/24', service: 'S3' }, '/prefixes/0 missing_field: has no "region"'],
    [{ ...first, service: '***' }, '/prefixes/0 no_key: "***" and "eu-west-1" has nothing'],
    [{ ...first, service: 's3' }, '/prefixes/1 ambiguous_key: "S3" and "eu-west-1" and "s3"'],
    ['198.51.100.0/24', '/prefixes/0 wrong_type: is a text where an object is needed']
  ] as const
  for (const [row, expected] of cases) {
    const list = { ...fixtures.aws, prefixes: [row, { ...first, service: 'S3' }] }
    const refusal = await refusalOfList('aws', list)
    t.ok(refusal.startsWith(expected), refusal)
  }
})

const history = join(repository, '../shared/data/aws-history-2017-2021.ndjson.gz')

interface Step {
  readonly syncToken: string
  readonly createDate: string
  readonly rows: number
  readonly add: readonly (readonly [string, string, string, string])[]
  readonly remove: readonly (readonly [string, string, string, string])[]
}

t.test(
  'real states become what their rows say',
  { skip: !existsSync(history) && 'the history of AWS is not beside this project' },
  async (t) => {
    const rows = new Map<string, Step['add'][number]>()
    const steps = gunzipSync(readFileSync(history)).toString('utf8').trim().split('\n')
    for (const [index, line] of steps.entries()) {
      // The lines are what the README beside them says.
      const step = JSON.parse(line) as Step
      for (const row of step.remove ?? []) rows.delete(row.join(' '))
      for (const row of step.add) rows.set(row.join(' '), row)
      if (![0, 700, 1_200, steps.length - 1].includes(index)) continue
      t.equal(rows.size, step.rows)
      const { requirements } = await documentFrom('aws', ipRanges(step, [...rows.values()]))
      const expected = new Set(
        [...rows.values()].map(([cidr, region, service]) => `${service}.${region} ${short(cidr)}`.toLowerCase())
      )
      const found = requirements.flatMap(({ key, endpoints }) =>
        endpoints.map((endpoint) => `${key} ${'value' in endpoint ? endpoint.value : ''}`)
      )
      t.strictSame(found.sort(), [...expected].sort(), step.createDate)
      const tagged = requirements.flatMap(({ endpoints }) => endpoints.flatMap(({ tags = [] }) => tags))
      t.equal(
        tagged.length,
        [...rows.values()].filter(([, region, , border]) => border !== '' && border !== region).length
      )
    }
  }
)

function ipRanges({ syncToken, createDate }: Step, rows: Step['add']) {
  const written = rows.map(([prefix, region, service, network_border_group]) => ({
    prefix,
    region,
    service,
    network_border_group
  }))
  return {
    syncToken,
    createDate,
    prefixes: written
      .filter(({ prefix }) => !prefix.includes(':'))
      .map(({ prefix, ...row }) => ({ ip_prefix: prefix, ...row })),
    ipv6_prefixes: written
      .filter(({ prefix }) => prefix.includes(':'))
      .map(({ prefix, ...row }) => ({ ipv6_prefix: prefix, ...row }))
  }
}

function short(cidr: string): string {
  return cidr.replace(/\/(?:32|128)$/, (length) => (cidr.includes(':') === (length === '/128') ? '' : length))
}
