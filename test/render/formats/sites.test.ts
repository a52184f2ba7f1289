import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { parseDocument } from '../../../src/domain/document/parse-document.ts'
import { reportField } from '../../../src/domain/export/export-report.ts'
import { gateway, leedsText, siteOf } from '../../domain/site/support/leeds.ts'
import { repository } from '../../support/repository.ts'
import { siteExport, siteText } from './support/site-export.ts'

const documents = [gateway()]
const leeds = { site: siteOf(leedsText, documents), documents }
const winter = '2026-12-01T00:00:00Z'

t.test('the report counts what is bound, unbound, extended and suppressed', async (t) => {
  const { report } = siteExport('nftables', { ...leeds, at: winter })
  t.match(report, { site: 'leeds', unbound: 0, extended: 1, suppressed: 2 })
  t.match(reportField(report), /unnamed=\d+, bound=\d+, unbound=0, extended=1, suppressed=2$/)
  t.match(siteExport('nftables', { ...leeds, at: '2027-02-10T00:00:00Z' }).report, { extended: 1, suppressed: 2 })
  t.match(siteExport('nftables', { ...leeds, at: '2027-04-10T00:00:00Z' }).report, { extended: 0, suppressed: 0 })
})

t.test('every role of the first catalogue is in the rules of nftables, from the gateway alone', async (t) => {
  const text = siteText('nftables', { ...leeds, at: winter })
  for (const line of [
    '10.30.0.8 . 10.20.1.5 . tcp . 514',
    '10.30.0.8 . 10.20.3.9 . tcp . 636',
    '10.30.0.8 . 10.20.3.2 . tcp . 445',
    '10.30.0.8 . 10.20.7.1 . udp . 162',
    '10.20.4.0/24 . 10.30.0.8 . tcp . 22',
    'fd00:30::9 . fd00:30::8 . tcp . 443'
  ])
    t.ok(text.includes(`\t${line} comment`), line)
  const { report } = siteExport('nftables', { ...leeds, at: winter })
  t.strictSame(
    report.omissions.filter(({ reason }) => reason === 'unbound' || reason === 'role'),
    []
  )
})

t.test('what is bound nowhere is counted as unbound, and refused where the site wants all of it', async (t) => {
  const text = leedsText.replace(/ {2}- \{role: (?:snmp-manager|backup-server).*\n/g, '')
  const half = { site: siteOf(text, documents), documents, at: winter }
  const { report } = siteExport('nftables', half)
  t.equal(report.unbound, 2)
  t.match(
    report.omissions.filter(({ reason }) => reason === 'unbound').map(({ value }) => value),
    ['backup-server', 'backup-server', 'backup-server', 'snmp-manager']
  )
  const strict = { ...half, site: siteOf(text.replace('unbound: omit', 'unbound: fail'), documents) }
  for (const format of ['nftables', 'csv', 'mud'])
    t.throws(() => siteExport(format, strict), {
      code: 'role_unbound',
      message: /role backup-server, role snmp-manager/
    })
})

t.test('the tables of the Markdown page have catalogue, role, origin and source, as those of CSV', async (t) => {
  const page = siteText('markdown', { ...leeds, at: winter })
  t.match(page, /^\| Catalogue \| Item \|.* \| Remarks \| Role \| Origin \| Source \|$/m)
  t.match(
    page,
    /^\| clearswift-exchange-gateway-4\.8 \| .*10\.20\.1\.5.* \| syslog-server \| binding:syslog-server@3 \| 10\.30\.0\.8 fd00:30::8 \|$/m
  )
  const [header = ''] = siteText('csv', { ...leeds, at: winter }).split('\r\n')
  t.match(header, /^catalogue,requirement,.*,role,origin,source$/)
})

const home = join(repository, '../shared/data/vendor-tables')
const skip = !existsSync(home) && 'the tables of vendors are not beside this project'

/** A site that binds every role and component of a table to addresses of its own. */
function bound(document: Document): {
  readonly site: ReturnType<typeof siteOf>
  readonly roles: ReadonlyMap<string, string>
} {
  const roles = new Map<string, string>()
  for (const { endpoints } of document.requirements)
    for (const endpoint of endpoints)
      if (endpoint.kind === 'role' && endpoint.value !== 'self' && !roles.has(endpoint.value))
        roles.set(endpoint.value, `10.1.0.${roles.size + 1}`)
  const components = (document.components ?? []).map(
    ({ key }, index) => `  - {component: ${key}, values: [10.2.0.${index + 1}]}`
  )
  const bindings = [...roles].map(([role, value]) => `  - {role: ${role}, values: [${value}]}`)
  const site = siteOf(
    [
      'id: leeds',
      'title: Leeds',
      `catalogues: [{id: ${document.id}}]`,
      'bindings:',
      '  - {role: self, values: [10.3.0.1]}',
      ...components,
      ...bindings,
      'unbound: omit',
      ''
    ].join('\n'),
    [document]
  )
  return { site, roles }
}

t.test(
  'every row of a vendor that a packet filter can say is in its rules once the roles are bound',
  { skip },
  async (t) => {
    for (const file of readdirSync(home).filter((name) => name.endsWith('.json'))) {
      const parsed = parseDocument(JSON.parse(readFileSync(join(home, file), 'utf8')))
      if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
      const { document } = parsed
      const { site, roles } = bound(document)
      const wanted = { site, documents: [document], at: winter }
      for (const format of ['nftables', 'iptables']) {
        const { report, body } = siteExport(format, wanted)
        // What a product says to itself does not leave its host.
        const names = ['host', 'wildcard', 'pattern', 'url']
        t.strictSame(
          report.omissions.filter(({ reason, value }) => !names.includes(reason) && value !== 'self'),
          [],
          `${file} as ${format}: names are left out, and that a product talks to itself`
        )
        t.equal(report.unbound, 0)
        const text = Buffer.from(body).toString('utf8')
        for (const [role, value] of roles) t.ok(text.includes(value), `${file} as ${format}: ${role}`)
      }
    }
  }
)
