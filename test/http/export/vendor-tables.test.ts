import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseTar } from 'nanotar'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import type { Document } from '../../../src/domain/document/document.ts'
import { parseDocument } from '../../../src/domain/document/parse-document.ts'
import { sliceOf } from '../../../src/domain/export/slice.ts'
import type { Format } from '../../../src/render/export/format.ts'
import { formats } from '../../../src/render/formats/formats.ts'
import { readAccessLists } from '../../render/formats/grammar/acl.ts'
import { readPermissions } from '../../render/formats/grammar/aws.ts'
import { readTemplate } from '../../render/formats/grammar/azure.ts'
import { readCiliumPolicy } from '../../render/formats/grammar/cilium.ts'
import { csvFault } from '../../render/formats/grammar/csv.ts'
import { readFirewalls } from '../../render/formats/grammar/gcp.ts'
import { readNetworkPolicy } from '../../render/formats/grammar/kubernetes.ts'
import { readSuricata } from '../../render/formats/grammar/suricata.ts'
import { fromIpset, fromIptables, fromNft } from '../../render/formats/support/kernel.ts'
import { differences } from '../../render/formats/support/packets.ts'
import { permissions } from '../../render/formats/support/permission.ts'
import { anyAsNetworks, type Saying, sayings, texts } from '../../render/formats/support/said.ts'
import { folder, inNamespace, missing, run } from '../../render/formats/support/tool.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { repository } from '../../support/repository.ts'

/** Tables of vendors as documents; they lie beside the project. */
const home = join(repository, '../shared/data/vendor-tables')
const skip = !existsSync(home) && 'the tables of vendors are not beside this project'
const yang = join(repository, '../shared/yang')
const now = '2026-11-24T12:00:00Z'
const names = ['kubernetes-1.30', 'openshift-4', 'zoom-mesh'] as const

interface Table {
  readonly document: Document
  /** The files of an export, by name; of one file alone the name is the format's. */
  files(format: string, query?: string): Promise<ReadonlyMap<string, string>>
  report(format: string): Promise<Report>
}

interface Report {
  readonly entries: number
  readonly omissions: readonly {
    readonly slice: string
    readonly kind: string
    readonly value?: string
    readonly reason: string
  }[]
}

/** A table in a new store. */
async function published(t: Test, name: string): Promise<Table> {
  const app = await startApp(t, { isSeeded: false, now })
  const payload = readFileSync(join(home, `${name}.json`), 'utf8')
  await publish(app, name, payload)
  const parsed = parseDocument(JSON.parse(payload))
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const path = (format: string) => `/v1/catalogues/${name}/exports/${format}`
  return {
    document: parsed.document,
    async files(format, query = 'slice=all') {
      const answer = await app.request(`${path(format)}?${query}`)
      if (answer.statusCode !== 200) throw new Error(`${format}: ${answer.body}`)
      if (answer.headers['content-type'] !== 'application/x-tar') return new Map([[format, answer.body]])
      return new Map(parseTar(answer.rawPayload).map((file) => [file.name, Buffer.from(file.data ?? []).toString()]))
    },
    report: async (format) => (await app.request(`${path(format)}/report?slice=all`)).json()
  }
}

async function publish(app: TestApp, name: string, payload: string): Promise<void> {
  const key = await app.key('catalogue:publish', 'catalogue:override')
  const answer = await app.request({
    method: 'PUT',
    // The wildcards of OpenShift lie directly under names that customers share.
    url: `/v1/catalogues/${name}/document${name === 'openshift-4' ? '?override=wildcard_too_broad&reason=the%20vendor%20says%20so' : ''}`,
    headers: { ...key, 'content-type': 'application/json', 'if-none-match': '*' },
    payload
  })
  if (answer.statusCode !== 201) throw new Error(answer.body)
}

/** What a format that has addresses alone has to leave out of a document, each with its reason. */
function left(document: Document): readonly string[] {
  return document.requirements
    .flatMap(({ direction, services, endpoints }) =>
      services.flatMap((service) =>
        endpoints.flatMap((endpoint) => {
          if (endpoint.kind === 'address' || endpoint.kind === 'any') return []
          const isWildcard = endpoint.kind === 'host' && endpoint.value.startsWith('*.')
          return [`${sliceOf(direction, service).name} ${endpoint.value} ${isWildcard ? 'wildcard' : endpoint.kind}`]
        })
      )
    )
    .filter((text, index, all) => all.indexOf(text) === index)
    .sort()
}

const only = (files: ReadonlyMap<string, string>) => [...files.values()][0] ?? ''

for (const name of names) {
  t.test(`${name}: every export of it is there, and what it leaves out is in its report`, { skip }, async (t) => {
    const { document, files, report } = await published(t, name)
    for (const format of formats)
      t.ok((await files(format.name, format.kind === 'table' ? '' : undefined)).size > 0, format.name)
    const said = (format: Format) => format.kind !== 'table' && format.expression.targets
    const addressesAlone = formats.filter((format) => {
      const targets = said(format)
      return targets && targets.address === 'exact' && targets.any === 'exact' && targets.host === undefined
    })
    t.ok(addressesAlone.length >= 10)
    for (const format of addressesAlone) {
      const { omissions } = await report(format.name)
      const own = omissions.filter(({ kind }) => kind !== 'address' && kind !== 'any')
      t.strictSame(
        own.map(({ slice, value, reason }) => `${slice} ${value} ${reason}`).sort(),
        left(document),
        format.name
      )
    }
    const { entries, omissions } = await report('nftables')
    t.strictSame(
      omissions.filter(({ kind }) => kind === 'address' || kind === 'any'),
      []
    )
    t.equal(
      entries,
      new Set(
        permissions(document, now).map(
          ({ direction, service, value }) => `${sliceOf(direction, service).name} ${value}`
        )
      ).size
    )
  })

  t.test(
    `${name}: the kernel lets through what the table has by address, and nothing next to it`,
    { skip: skip || missing('nft', 'ipset', 'iptables', 'unshare', 'ip') },
    async (t) => {
      const { document, files } = await published(t, name)
      const rules = await files('iptables')
      const part = (ending: string) => [...rules].find(([file]) => file.includes(ending))?.[1] ?? ''
      const cwd = folder(t, {
        nft: only(await files('nftables')),
        ipset: only(await files('ipset')),
        v4: part('v4'),
        v6: part('v6')
      })
      const outcome = await inNamespace(
        `nft -f nft; nft -jn list ruleset >nft.json; nft flush ruleset
       ipset -exist restore <ipset; ipset save >ipset.saved
       iptables-restore --noflush <v4; iptables-save >v4.saved
       ip6tables-restore --noflush <v6; ip6tables-save >v6.saved`,
        { cwd }
      )
      t.equal(outcome.code, 0, outcome.stderr)
      const read = (file: string) => readFileSync(join(cwd, file), 'utf8')
      const allowed = permissions(document, now)
      t.strictSame(differences(allowed, fromNft(read('nft.json'))), [], 'nftables')
      t.strictSame(differences(allowed, fromIpset(read('ipset.saved'))), [], 'ipset')
      t.strictSame(
        differences(allowed, [...fromIptables(read('v4.saved'), '4'), ...fromIptables(read('v6.saved'), '6')]),
        [],
        'iptables'
      )
    }
  )

  t.test(`${name}: the readers of policies find every row that each can say`, { skip }, async (t) => {
    const { document, files } = await published(t, name)
    const all = sayings(document, now)
    const networks = anyAsNetworks(all)
    const ofKinds =
      (...kinds: readonly Saying['kind'][]) =>
      (saying: Saying) =>
        kinds.includes(saying.kind) ? saying : undefined
    const text = async (format: string, query?: string) => only(await files(format, query))
    t.strictSame(texts(readAccessLists(await text('acl'))), texts(all, ofKinds('address', 'group', 'any')), 'acl')
    t.strictSame(
      texts(readTemplate(await text('azure-nsg', 'slice=all&aggregate=none'))),
      texts(all, ofKinds('address', 'group', 'any')),
      'azure-nsg'
    )
    t.strictSame(texts(readFirewalls(await text('gcp-firewall'))), texts(networks, ofKinds('address')), 'gcp-firewall')
    const group = await files('aws-security-group')
    t.strictSame(
      texts([
        ...readPermissions(group.get('egress.json') ?? '', 'outbound'),
        ...readPermissions(group.get('ingress.json') ?? '', 'inbound')
      ]),
      texts(networks, ofKinds('address')),
      'aws-security-group'
    )
    t.strictSame(
      texts(readNetworkPolicy(parse(await text('kubernetes')))),
      texts(networks, ofKinds('address')),
      'kubernetes'
    )
    t.strictSame(
      texts(readCiliumPolicy(parse(await text('cilium')))),
      texts(all, ofKinds('address', 'any', 'host', 'wildcard')),
      'cilium'
    )
    const isWeb = (saying: Saying) =>
      saying.kind === 'address' || saying.kind === 'group' || saying.kind === 'any' || saying.transport === 'tcp'
    t.strictSame(
      texts(readSuricata((await files('aws-network-firewall')).get('suricata.rules') ?? '')),
      texts(all, (saying) =>
        isWeb(saying) ? ofKinds('address', 'group', 'any', 'host', 'wildcard')(saying) : undefined
      ),
      'aws-network-firewall'
    )
    t.equal(csvFault(await text('csv', '')), undefined)
  })

  t.test(
    `${name}: proxies, name servers and others load their files`,
    { skip: skip || missing('squid', 'named-checkzone', 'dnsmasq', 'suricata', 'jq', 'unshare') },
    async (t) => {
      const { files } = await published(t, name)
      const squid = [...(await files('squid'))].map(([file, text]) => [file.split('.').at(-1) ?? '', text] as const)
      const cwd = folder(t, {
        ...Object.fromEntries(squid),
        'squid.conf': `http_port 3128\n${squid
          .filter(([, text]) => /^[^#]/m.test(text))
          .map(([kind]) => `acl ${kind} ${kind} "${kind}"\n`)
          .join('')}`,
        zone: only(await files('rpz')),
        dnsmasq: only(await files('dnsmasq')),
        rules: (await files('aws-network-firewall')).get('suricata.rules') ?? '',
        'gdc.json': only(await files('checkpoint-gdc'))
      })
      const outcome = await inNamespace(
        `squid -k parse -f squid.conf 2>parsed
       if grep -E 'WARNING|ERROR|FATAL' parsed; then exit 1; fi
       named-checkzone rpz.example zone >&2
       dnsmasq --test -C dnsmasq
       suricata -T -S rules -l . --init-errors-fatal >&2
       jq -e '.objects | length >= 0' gdc.json >&2`,
        { cwd }
      )
      t.equal(outcome.code, 0, outcome.stdout + outcome.stderr)
    }
  )

  t.test(
    `${name}: yanglint takes its access lists`,
    { skip: skip || missing('yanglint') || (!existsSync(yang) && 'the YANG modules are not beside this project') },
    async (t) => {
      const { files } = await published(t, name)
      const cwd = folder(t, { 'acl.json': only(await files('acl')) })
      const options = [
        '-p',
        yang,
        '-t',
        'config',
        '-f',
        'json',
        `${yang}/ietf-access-control-list@2019-03-04.yang`,
        'acl.json'
      ]
      t.match(await run('yanglint', options, { cwd }), { code: 0, stderr: '' })
    }
  )
}

/** What each table is there to show: a part of an export that has to be there, or has not to be. */
const shown: readonly (readonly [table: string, format: string, query: string, has: RegExp, hasNot?: RegExp])[] = [
  ['kubernetes-1.30', 'cilium', '', /fromEntities:\s+- all/, /0\.0\.0\.0\/0/],
  ['kubernetes-1.30', 'cilium', '', /port: "30000"\s+endPort: 32767/],
  ['kubernetes-1.30', 'kubernetes', '', /cidr: 0\.0\.0\.0\/0[\s\S]*cidr: ::\/0/],
  ['kubernetes-1.30', 'csv', '', /^(?:.*\r\n){11}$/],
  [
    'openshift-4',
    'edl-url',
    'slice=out-tcp-80_443',
    /^storage\.googleapis\.com\/openshift-release\/$/m,
    /^(?:storage\.googleapis|console\.redhat)\.com\/$/m
  ],
  [
    'openshift-4',
    'edl-url',
    'slice=out-tcp-80_443',
    /^console\.redhat\.com\/api\/ingress\/\n[\s\S]*^console\.redhat\.com\/openshift\/$/m
  ],
  ['openshift-4', 'edl-url', 'slice=out-tcp-80_443', /^\*\.googleapis\.com\/$/m],
  [
    'openshift-4',
    'plain-host',
    'slice=out-tcp-80_443',
    /^console\.redhat\.com$/m,
    /console\.redhat\.com[\s\S]*console\.redhat\.com/
  ],
  ['openshift-4', 'csv', '', /optional.*Unless telemetry is switched off/],
  ['openshift-4', 'dnsmasq', '', /^nftset=\/1\.rhel\.pool\.ntp\.org\//m],
  ['zoom-mesh', 'iptables', 'part=v4', /-A PORTOLAN-IN\S* -d 224\.1\.1\.1\S* .*36699/, /-s 224\.1\.1\.1/],
  ['zoom-mesh', 'iptables', 'part=v4', /-A PORTOLAN-OUT\S* -d 170\.114\.0\.0\/16 .*8801:8803/],
  ['zoom-mesh', 'aws-security-group', 'part=ingress.json', /IpPermissions/, /224\.1\.1\.1/],
  ['zoom-mesh', 'edl-ip', 'slice=out-tcp-443', /^170\.114\.0\.0\/16\n206\.247\.0\.0\/16\n$/],
  ['zoom-mesh', 'csv', '', /^(?:.*\r\n){10}$/]
]

t.test('each table shows what it is there for', { skip }, async (t) => {
  const tables = new Map(
    await Promise.all(names.map(async (name) => [name as string, await published(t, name)] as const))
  )
  for (const [table, format, query, has, hasNot] of shown) {
    const text = only((await tables.get(table)?.files(format, query)) ?? new Map())
    t.match(text, has, `${table} ${format} ${has}`)
    if (hasNot) t.notMatch(text, hasNot, `${table} ${format} ${hasNot}`)
  }
})
