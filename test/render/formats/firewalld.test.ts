import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseTar } from 'nanotar'
import t from 'tap'
import type { Service } from '../../../src/domain/network/network-service.ts'
import { isTransport } from '../../../src/domain/network/protocol.ts'
import { documentOf, requirement } from '../../domain/document/support/sample.ts'
import { mutationsOf } from './support/mutation.ts'
import { occasions } from './support/occasions.ts'
import { differences } from './support/packets.ts'
import { type Addressed, permissions } from './support/permission.ts'
import { protocolName } from './support/protocol-names.ts'
import { rendered, type Wanted } from './support/rendered.ts'
import { folder, missing, type Outcome, run } from './support/tool.ts'

const skip = missing('firewall-offline-cmd')
type Files = Readonly<Record<string, string>>

function filesOf(wanted: Wanted = {}): Files {
  const files = parseTar(rendered('firewalld', wanted).body)
  return Object.fromEntries(files.map(({ name, data }) => [name, Buffer.from(data ?? []).toString('utf8')]))
}

/** firewalld's own check of a folder like /etc/firewalld. A bad entry is only a warning there. */
async function check(t: Parameters<typeof folder>[0], files: Files): Promise<Outcome> {
  const home = folder(t, { 'firewalld.conf': 'DefaultZone=public\n' })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true })
    writeFileSync(join(home, name), text)
  }
  const outcome = await run('firewall-offline-cmd', [`--system-config=${home}`, '--check-config'])
  return { ...outcome, code: /WARNING|ERROR/.test(outcome.stdout + outcome.stderr) ? outcome.code || 1 : outcome.code }
}

/** What the policies accept, with their sets put in. */
function accepted(files: Files): readonly Addressed[] {
  const entries = (set: string) => [...(files[`ipsets/${set}.xml`] ?? '').matchAll(/<entry>(.*)<\/entry>/g)]
  return Object.entries(files).flatMap(([name, text]) =>
    [...text.matchAll(/<rule family="ipv[46]"><(?:destination|source) ipset="(.*?)"\/>(.*)<accept\/>/g)].flatMap(
      ([, set = '', match = '']) =>
        entries(set).map(([, value = '']): Addressed => {
          const direction = name.endsWith('-out.xml') ? 'outbound' : 'inbound'
          return { direction, value, service: serviceOf(match) }
        })
    )
  )
}

function serviceOf(match: string): Service {
  const [, from, to = from, transport] = /<port port="(\d+)(?:-(\d+))?" protocol="(\w+)"/.exec(match) ?? []
  const protocol = transport ?? /<protocol value="(.*)"/.exec(match)?.[1]
  const ports = from === undefined ? {} : { ports: [{ from: Number(from), to: Number(to) }] }
  if (protocol === undefined) return { transport: 'any' }
  const name = /^\d+$/.test(protocol) ? protocolName(Number(protocol)) : protocol.replace('ipv6-icmp', 'icmpv6')
  if (!isTransport(name)) throw new Error(`unknown protocol ${protocol}`)
  return { transport: name, ...ports }
}

/** What the format says that it cannot: source ports and types of ICMP. */
function said(list: readonly Addressed[]): readonly Addressed[] {
  return list
    .filter(({ service }) => service.icmp === undefined)
    .map(({ service: { sourcePorts: _, ...service }, ...rest }) => ({ ...rest, service }))
}

t.test('firewalld takes the files, and they say what the view says', { skip }, async (t) => {
  for (const { name, document, at } of occasions) {
    const files = filesOf({ document, at })
    const outcome = await check(t, files)
    t.equal(outcome.code, 0, `${name}: ${outcome.stdout}${outcome.stderr}`)
    t.strictSame(differences(said(permissions(document, at)), accepted(files)), [], name)
  }
})

t.test('names stay within the limits and apart, however long an id is', { skip }, async (t) => {
  const ids = ['9'.repeat(100), `${'9'.repeat(99)}a`, 'a.b', 'a_b', 'a-b']
  const files = ids.map((id) =>
    filesOf({ document: documentOf([requirement('web', [{ kind: 'address', value: '9.0.0.1' }])], { id }) })
  )
  const names = files.flatMap((each) => Object.keys(each))
  t.equal(new Set(names).size, names.length)
  const outcome = await check(t, Object.assign({}, ...files))
  t.equal(outcome.code, 0, outcome.stdout + outcome.stderr)
})

t.test('firewalld refuses what could not be meant', { skip }, async (t) => {
  const files = filesOf()
  const mutate = (ending: string, changes: Parameters<typeof mutationsOf>[1]) => {
    const name = Object.keys(files).find((each) => each.endsWith(ending)) ?? ''
    return Object.entries(mutationsOf(files[name] ?? '', changes)).map(([mutation, text]) => ({ mutation, name, text }))
  }
  const mutants = [
    ...mutate('out-tcp-80_443-4.xml', {
      address: ['198.51.100.0/24', '198.51.100.256'],
      prefix: ['198.51.100.0/24', '198.51.100.0/33'],
      family: ['198.51.100.0/24', '2001:db8::1'],
      duplicate: [/( {2}<entry>.*\n)/, '$1$1'],
      host: ['198.51.100.0/24', 'localhost'],
      tag: ['<short>', '<short><b>']
    }),
    ...mutate('-out.xml', {
      port: ['port="2905"', 'port="65536"'],
      protocol: ['protocol="sctp"', 'protocol="stcp"'],
      quote: ['port="2905"', 'port="29"05"'],
      'no-zone': ['egress-zone name="ANY"', 'egress-zone name="NOWHERE"']
    })
  ]
  for (const { mutation, name, text } of mutants) t.not((await check(t, { ...files, [name]: text })).code, 0, mutation)
})
