import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { hostCovers } from '../../../src/domain/network/host.ts'
import { arbitraryDocument, arbitraryInstant } from '../../domain/document/support/arbitrary-document.ts'
import { address, documentOf, host, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { readPolicyZone } from './grammar/rpz.ts'
import { blockList, has } from './support/block-list.ts'
import { liveValues, occasions } from './support/occasions.ts'
import { clearswift, rendered, renderedText, today, type Wanted } from './support/rendered.ts'
import { folder, inNamespace, missing, run } from './support/tool.ts'

const outbound = { directions: ['outbound', 'both'] } as const

/** A wildcard, and names under it which DNS would otherwise take out of it. */
const nested = documentOf([
  requirement('nested', [
    host('*.w.example'),
    host('a.b.w.example'),
    host('*.c.d.w.example'),
    host('v.example'),
    host('x.v.example'),
    address('2001:db8:1:0:2:3:4:5'),
    address('2001:db8:0:0:1::/80')
  ])
])
const trials = [
  ...occasions,
  { name: 'names under a wildcard', document: nested, at: today, slice: 'out-tcp-443' }
] as const

/** A name for each thing that may be asked, with the address that the world answers. */
interface Probe {
  readonly name: string
  readonly address: string
}

function probesOf(document: Document): readonly Probe[] {
  const endpoints = document.requirements.flatMap((requirement) => requirement.endpoints)
  const names = endpoints.flatMap((each) => (each.kind === 'host' ? [each.value.replace('*.', '')] : []))
  const addresses = endpoints.flatMap((each) => (each.kind === 'address' ? [each.value.replace(/\/.*/, '')] : []))
  const asked = [...names.flatMap((name) => [name, `s.${name}`, `s.s.${name}`]), ...above(names), 'no.test']
  return [
    ...[...new Set(asked)].map((name) => ({ name, address: '10.0.0.1' })),
    ...[...new Set([...addresses, '10.9.9.9', '2001:db8:f::9'])].map((value, index) => ({
      name: `n${index}.test`,
      address: value
    }))
  ]
}

function above(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const parent = name.split('.').slice(1).join('.')
    return parent.includes('.') ? [parent, `s.${parent}`] : []
  })
}

function expectedOf(document: Document, at: string, slice: string, probes: readonly Probe[]): readonly string[] {
  const { names, addresses } = liveValues({ document, at, slice, ...outbound })
  const known = blockList(addresses)
  return probes
    .filter(({ name, address }) => names.some((pattern) => hostCovers(pattern, name)) || has(known, address))
    .map(({ name }) => name)
}

const start = ['$TTL 300', '@ SOA localhost. nobody.invalid. ( 1 3600 600 86400 300 )', '@ NS localhost.']
const lines = (...all: readonly string[]) => `${all.join('\n')}\n`

t.test(
  'a name that cannot stand under a zone is left out and counted, and does not stop the zone',
  { skip: missing('named-checkzone') },
  async (t) => {
    const label = (length: number) => 'a'.repeat(length)
    const longest = [label(62), label(62), label(62), 'bcdefgh', 'com'].join('.')
    t.equal(longest.length, 200)
    const names = [
      'ok.example.com',
      [label(62), label(62), 'com'].join('.'),
      longest,
      `*.${longest.slice(2)}`,
      `a${longest}`.replace(/\.bcdefgh/, '.bcdefg.h'),
      `*.${longest.slice(1)}`,
      [label(62), label(62), label(62), label(50), 'xy'].join('.')
    ]
    const document = documentOf([
      requirement(
        'long',
        names.map((name) => host(name))
      )
    ])
    const { body, report } = rendered('rpz', { document })
    t.strictSame(
      report.omissions.map(({ value, reason }) => [value, reason]).sort(),
      [names[4], names[5], names[6]].map((value) => [value, 'name_too_long']).sort()
    )
    t.equal(report.entries, 4)
    const cwd = folder(t, {
      'allow.zone': Buffer.from(body).toString(),
      'long.zone': lines(...start, `${names[6]} CNAME rpz-passthru.`)
    })
    const check = async (file: string) =>
      (await run('named-checkzone', [`${label(40)}.example.org`, file], { cwd })).code
    t.equal(await check('allow.zone'), 0)
    t.not(await check('long.zone'), 0, 'the checker sees a name that is too long')
  }
)

/** A zone to try, and what is asked of a resolver that uses it. */
interface Trial {
  readonly zone: string
  readonly probes: readonly Probe[]
}

/** One view of the resolver for each trial: its world is the probes, it lets through what the zone says and refuses the rest. */
function filesOf(trials: readonly Trial[]): Readonly<Record<string, string>> {
  const type = ({ address }: Probe) => (address.includes(':') ? 'AAAA' : 'A')
  const asked = trials.map(({ probes }, index) => ({ server: `127.0.1.${index}:5353`, probes }))
  return {
    ...Object.fromEntries(
      trials.flatMap(({ zone, probes }, index) => [
        [`allow${index}.zone`, zone],
        [
          `world${index}.zone`,
          lines(
            ...start,
            'localhost. A 127.0.0.1',
            ...probes.map((each) => `${each.name}. ${type(each)} ${each.address}`)
          )
        ]
      ])
    ),
    'deny.zone': lines(...start, '* CNAME .'),
    'named.conf': `
      options {
        directory "."; pid-file none; session-keyfile none; recursion yes; dnssec-validation no; empty-zones-enable no;
        max-cache-size 8M; listen-on port 5353 { any; }; listen-on-v6 { none; };
      };
      controls { };
      ${trials
        .map(
          (_, index) => `view "v${index}" {
            match-destinations { 127.0.1.${index}; };
            response-policy { zone "allow.rpz"; zone "deny.rpz"; };
            zone "allow.rpz" { type primary; file "allow${index}.zone"; };
            zone "deny.rpz" { type primary; file "deny.zone"; };
            zone "." { type primary; file "world${index}.zone"; };
          };`
        )
        .join('\n')}`,
    'ask.mjs': `
      import { Resolver } from 'node:dns/promises'
      const ask = async ({ server, probes }) => {
        const resolver = new Resolver({ timeout: 2000, tries: 3 })
        resolver.setServers([server])
        const answers = probes.map(async ({ name, address }) => {
          try {
            await resolver.resolve(name, address.includes(':') ? 'AAAA' : 'A')
            return [name]
          } catch (error) {
            if (error.code !== 'ENOTFOUND') throw error
            return []
          }
        })
        return (await Promise.all(answers)).flat()
      }
      console.log(JSON.stringify(await Promise.all(${JSON.stringify(asked)}.map(ask))))`
  }
}

/** What of the probes resolves, trial by trial, and what named complains of. */
async function ask(
  t: Parameters<typeof folder>[0],
  trials: readonly Trial[]
): Promise<{ readonly resolved: unknown; readonly complaints: string }> {
  const script = `
    for index in $(seq 0 ${trials.length - 1}); do ip addr add 127.0.1.$index/8 dev lo; done
    named -g -c named.conf > log 2>&1 & server=$!
    trap 'kill $server' EXIT
    for _ in $(seq 200); do [ "$(grep -c 'rpz: .*: reload done' log)" = ${2 * trials.length} ] && break; sleep 0.1; done
    "$NODE" ask.mjs
    grep -E " (invalid|rpz IP address|error|zone .*not loaded)|failed|ignoring" log >&2 || true`
  const options = { cwd: folder(t, filesOf(trials)), env: { NODE: process.execPath } }
  const { stdout, stderr } = await inNamespace(script, options)
  return { resolved: stdout === '' ? undefined : JSON.parse(stdout), complaints: stderr }
}
const tools = missing('named', 'named-checkzone', 'unshare')

t.test('named resolves what the zone lists, and refuses everything else', { skip: tools }, async (t) => {
  const tried = trials.map((trial) => ({
    ...trial,
    zone: renderedText('rpz', trial),
    probes: probesOf(trial.document)
  }))
  const everywhere = documentOf([requirement('all', [address('0.0.0.0/0'), address('::/0')])])
  const probes = ['9.9.9.9', '192.0.2.1', '2001:db8::1', 'fd00::1'].map((value, index) => ({
    name: `n${index}.test`,
    address: value
  }))
  const { resolved, complaints } = await ask(t, [
    ...tried,
    { zone: renderedText('rpz', { document: everywhere }), probes }
  ])
  t.equal(complaints, '')
  t.strictSame(resolved, [
    ...tried.map(({ document, at, slice, probes }) => expectedOf(document, at, slice, probes)),
    ['n0.test', 'n1.test', 'n2.test', 'n3.test']
  ])
  for (const { name, zone } of tried) {
    const check = await run('named-checkzone', ['allow.rpz', 'zone'], { cwd: folder(t, { zone }) })
    t.equal(check.code, 0, name)
    t.strictSame(readPolicyZone(zone).faults, [], name)
  }
})

t.test('the serial grows with each transition, whether it came before or after the record', async (t) => {
  const serials = (wanted: Wanted, ...instants: readonly string[]) =>
    instants.map((at) => readPolicyZone(renderedText('rpz', { ...wanted, at })).serial)
  // Both are recorded on 1 January 2020.
  const [october, november, day] = serials(
    { document: clearswift, slice: 'out-tcp-80' },
    '2018-10-05T00:00:00Z',
    '2018-11-21T23:59:59Z',
    '2018-11-22T00:00:00Z'
  )
  t.equal(october, Date.parse('2018-10-01T00:00:00Z') / 1000 + 2)
  t.equal(november, october)
  t.equal(day, Date.parse('2020-01-01T00:00:00Z') / 1000 + 2)
  const later = serials({ slice: 'out-tcp-80_443' }, '2026-11-30T23:59:59Z', '2026-12-01T00:00:00Z')
  t.strictSame(
    later,
    ['2026-11-01', '2026-12-01'].map((date) => Date.parse(`${date}T00:00:00Z`) / 1000 + 2)
  )
})

t.test('named and the reader refuse what is no trigger', { skip: tools }, async (t) => {
  const bad = ['33.1.2.0.192.rpz-ip', '32.1.2.300.192.rpz-ip', '129.1.zz.db8.2001.rpz-ip', '24.1.2.0.192.rpz-ip']
  const zone = lines(...start, ...bad.map((name) => `${name} CNAME rpz-passthru.`))
  const { complaints } = await ask(t, [{ zone, probes: [] }])
  for (const name of bad) t.match(complaints, `invalid rpz IP address "${name}`, name)
  t.equal(readPolicyZone(zone).faults.length, 3, 'host bits are left to named')
})

t.test('named-checkzone and the reader refuse what is no zone', { skip: tools }, async (t) => {
  const zone = renderedText('rpz', { document: clearswift, at: '2018-11-01T00:00:00Z', slice: 'out-tcp-80' })
  for (const bad of [
    zone.replace('; catalogue', '\ncatalogue'),
    zone.replace(/\( \d+/, '( 4294967296'),
    `${zone}${'a'.repeat(64)}.example CNAME rpz-passthru.\n`,
    `${zone}"a.example CNAME rpz-passthru.\n`,
    `${zone}repo.clearswift.net A 192.0.2.1\n`
  ]) {
    const { code } = await run('named-checkzone', ['allow.rpz', 'zone'], { cwd: folder(t, { zone: bad }) })
    t.not(code, 0)
    t.not(readPolicyZone(bad).faults.length, 0)
  }
  const twice = `${zone}repo.clearswift.net CNAME rpz-passthru.\n`
  t.not(readPolicyZone(twice).faults.length, 0)
  t.not(readPolicyZone(zone.trimEnd()).faults.length, 0)
  t.not(readPolicyZone(`${zone}33.1.2.0.192.rpz-ip CNAME rpz-passthru.\n`).faults.length, 0)
})

t.test('whatever the document, the zone lets through what its view says', async () => {
  fc.assert(
    fc.property(arbitraryDocument, arbitraryInstant, (document, instant) => {
      const at = new Date(instant).toISOString()
      const zone = readPolicyZone(renderedText('rpz', { document, at, slice: 'all' }))
      const { names, addresses } = liveValues({ document, at, ...outbound })
      const known = blockList(addresses)
      const listed = blockList(zone.networks)
      return (
        zone.faults.length === 0 &&
        probesOf(document).every(
          ({ name, address }) =>
            zone.letsThrough(name) === names.some((pattern) => hostCovers(pattern, name)) &&
            has(listed, address) === has(known, address)
        )
      )
    }),
    { numRuns: runs(100) }
  )
})
