import t, { type Test } from 'tap'
import { hostCovers } from '../../../src/domain/network/host.ts'
import { arbitraryDocument, arbitraryInstant } from '../../domain/document/support/arbitrary-document.ts'
import { address, documentOf, host, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { readAcl } from './grammar/squid.ts'
import { blockList, has } from './support/block-list.ts'
import { liveValues, occasions, retiring } from './support/occasions.ts'
import { isGroup } from './support/permission.ts'
import { clearswift, rendered, renderedText, today, type Wanted } from './support/rendered.ts'
import { folder, inNamespace, missing } from './support/tool.ts'

const governed = { directions: ['outbound', 'both'], transports: ['tcp', 'any'] } as const
// Squid changes to a user of its own, which in a namespace without root is not there.
const tools = missing('squid', 'unshare', 'ip') || (process.getuid?.() !== 0 && 'Squid has to be started by root')
const slice = 'out-tcp-443'
const of = (...endpoints: readonly Readonly<Record<string, unknown>>[]) => documentOf([requirement('web', endpoints)])
const nested = of(host('w.example'), host('*.w.example'), host('a.w.example'), host('*.b.w.example'), host('v.example'))

const trials = [
  ...occasions,
  { name: 'names under a wildcard', document: nested, at: today, slice },
  { name: 'all of IPv4', document: of(address('0.0.0.0/0')), at: today, slice },
  { name: 'all of IPv6', document: of(address('::/0')), at: today, slice }
]

function listsOf(wanted: Wanted): Readonly<Record<'dst' | 'dstdomain' | 'dstdom_regex', string>> {
  const part = (name: string) => renderedText('squid', { ...wanted, part: name })
  return { dst: part('dst'), dstdomain: part('dstdomain'), dstdom_regex: part('dstdom_regex') }
}

/** Squid takes a name with its subdomains for the name too, which the report says. */
function isNamed(names: readonly string[], name: string): boolean {
  return names.some((pattern) => hostCovers(pattern, name) || pattern === `*.${name}`)
}

const strangers = ['evil.example', 'example.net.evil.example', 'xwww.example.net', '10.9.9.9', 'fd00::1', '203.0.113.9']

/** One port for each trial, so that one Squid is enough. Of a list of patterns that is empty Squid warns, so it is named where it has some. */
function configOf(lists: readonly Pick<ReturnType<typeof listsOf>, 'dstdom_regex'>[]): string {
  const trial = (index: number, hasPatterns: boolean) => `
    http_port 127.0.0.1:${3200 + index} name=p${index}
    acl on${index} myportname p${index}
    acl name${index} dstdomain -n "dstdomain${index}"
    acl address${index} dst "dst${index}"
    ${hasPatterns ? `acl pattern${index} dstdom_regex -n "dstdom_regex${index}"` : ''}
    http_access allow on${index} name${index}
    ${hasPatterns ? `http_access allow on${index} pattern${index}` : ''}
    http_access allow on${index} address${index}`
  return `${lists.map((list, index) => trial(index, /^[^#]/m.test(list.dstdom_regex))).join('\n')}
    http_access deny all
    cache deny all
    access_log none
    cache_log cache.log
    pid_filename none
    hosts_file hosts
    netdb_filename none
    pinger_enable off
    shutdown_lifetime 0 seconds
    visible_hostname portolan
  `.replace(/^ +/gm, '')
}

const ask = `
  import { createServer, get } from 'node:http'
  import { readFileSync } from 'node:fs'
  const origin = createServer((_, response) => response.writeHead(404).end()).listen(80, '::')
  await new Promise((resolve) => origin.once('listening', resolve))
  const status = (port, name) => new Promise((resolve, reject) => {
    const host = name.includes(':') ? '[' + name + ']' : name
    get({ host: '127.0.0.1', port, path: 'http://' + host + '/', headers: { host }, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).on('error', reject)
  })
  const asked = JSON.parse(readFileSync('asked.json', 'utf8'))
  const answers = []
  for (const { port, hosts } of asked) answers.push(await Promise.all(hosts.map((name) => status(port, name))))
  console.log(JSON.stringify(answers))
  origin.close()`

interface Tried extends Wanted {
  readonly hosts: readonly string[]
}

const isAddress = (value: string) => /^[\d.]+$|:/.test(value)

/** What one Squid answers for each host of each trial, and all that it complains of. */
async function answersOf(
  t: Test,
  tried: readonly Tried[]
): Promise<{ readonly answers: unknown; readonly complaints: string }> {
  const lists = tried.map(({ hosts: _, ...wanted }) => listsOf(wanted))
  const hosts = [...new Set(tried.flatMap((trial) => trial.hosts))]
  const files = lists.flatMap((list, index) => Object.entries(list).map(([kind, text]) => [kind + index, text]))
  const cwd = folder(t, {
    ...Object.fromEntries(files),
    // An address that no trial but that of all of IPv4 lists.
    hosts: hosts.flatMap((name) => (isAddress(name) ? [] : [`203.0.113.9 ${name}\n`])).join(''),
    'squid.conf': configOf(lists),
    'ask.mjs': ask,
    'asked.json': JSON.stringify(tried.map((trial, index) => ({ port: 3200 + index, hosts: trial.hosts })))
  })
  const addresses = ['203.0.113.9', ...hosts.filter((each) => isAddress(each) && each !== '203.0.113.9')]
  const script = `
    ${addresses.map((each) => `ip addr add ${each} dev lo${each.includes(':') ? ' nodad' : ''}`).join('\n')}
    chmod 777 .
    squid -k parse -f squid.conf 2> parsed
    grep -E 'WARNING|ERROR|FATAL' parsed >&2 || true
    squid -N -n portolan$$ -f squid.conf 2>> cache.log & server=$!
    trap 'kill $server && wait $server || tail cache.log >&2; rm -f /dev/shm/portolan$$-*' EXIT
    for _ in $(seq 100); do [ "$(grep -c 'Accepting HTTP' cache.log)" = ${tried.length} ] && break; sleep 0.1; done
    "$NODE" ask.mjs`
  const { stdout, stderr } = await inNamespace(script, { cwd, env: { NODE: process.execPath } })
  return { answers: JSON.parse(stdout), complaints: stderr }
}

t.test('Squid serves what is listed (404 from the origin) and refuses all else (403)', { skip: tools }, async (t) => {
  const tried = trials.map((trial) => {
    const known = trial.document.requirements.flatMap((each) => each.endpoints)
    const values = known.flatMap((each) => (each.kind === 'host' || each.kind === 'address' ? [each.value] : []))
    const bare = values.map((value) => value.replace('*.', '').replace(/\/.*/, ''))
    const below = bare.flatMap((value) =>
      /[a-z]$/.test(value) && !value.includes(':') ? [`s.${value}`, `a.s.${value}`] : []
    )
    const isConnectable = (value: string) => value !== '0.0.0.0' && value !== '::' && !isGroup(value)
    return { ...trial, hosts: [...new Set([...bare, ...below, ...retiring, ...strangers])].filter(isConnectable) }
  })
  const { answers, complaints } = await answersOf(
    t,
    tried.map(({ document, at, slice, hosts }) => ({ document, at, slice, hosts }))
  )
  t.equal(complaints, '')
  t.strictSame(
    answers,
    tried.map((trial) => {
      const { addresses, names } = liveValues({ ...trial, ...governed })
      const known = blockList(addresses)
      return trial.hosts.map((name) =>
        isNamed(names, name) || has(known, isAddress(name) ? name : '203.0.113.9') ? 404 : 403
      )
    })
  )
})

t.test('Squid takes a pattern in any case, within one label and as a whole', { skip: tools }, async (t) => {
  const pattern = (value: string) => ({ kind: 'pattern', value })
  const endpoints = [
    pattern('*cdn.onenote.net'),
    pattern('monitoring.*.amazonaws.com'),
    pattern('*-files.sharepoint.com'),
    pattern('<tenant>.sharepoint.com'),
    host('ok.example.com')
  ]
  const document = documentOf([requirement('web', endpoints)], { variables: [{ key: 'tenant', title: 'Your tenant' }] })
  const served = [
    'xcdn.onenote.net',
    'XCDN.OneNote.NET',
    'cdncdn.onenote.net',
    'monitoring.eu-west-1.amazonaws.com',
    'contoso-files.sharepoint.com',
    'ok.example.com'
  ]
  const refused = [
    'cdn.onenote.net',
    'a.xcdn.onenote.net',
    'xcdn.onenote.net.evil.com',
    'evil-xcdn.onenote.net.example',
    'xcdnzonenote.net',
    'xcdn.onenotexnet',
    'monitoring.amazonaws.com',
    'monitoring.a.b.amazonaws.com',
    'x.monitoring.eu-west-1.amazonaws.com',
    '-files.sharepoint.com',
    'contoso.sharepoint.com',
    'x.ok.example.com'
  ]
  const { answers, complaints } = await answersOf(t, [{ document, at: today, slice, hosts: [...served, ...refused] }])
  t.equal(complaints, '')
  t.strictSame(answers, [[...served.map(() => 404), ...refused.map(() => 403)]])
})

t.test('Squid or the reader refuses what the lists must not say', { skip: tools }, async (t) => {
  const { dst, dstdomain } = listsOf({ document: clearswift, at: '2018-11-01T00:00:00Z', slice: 'out-tcp-80' })
  const bad: readonly (readonly ['dst' | 'dstdomain', string, 'squid' | 'reader'])[] = [
    ['dst', `${dst}198.51.100.256\n`, 'squid'],
    ['dst', `${dst}198.51.100.0/33\n`, 'squid'],
    ['dst', `${dst}2001:db8::/148\n`, 'squid'],
    ['dst', `${dst}0.0.0.0/0\n`, 'squid'],
    ['dst', dst.replace('# catalogue', '\ncatalogue'), 'squid'],
    ['dst', `${dst}"198.51.100.7\n`, 'squid'],
    ['dst', `${dst}70.33.161.213\n`, 'squid'],
    ['dstdomain', `${dstdomain}.clearswift.net\n`, 'squid'],
    ['dstdomain', `${dstdomain}*.example.net\n`, 'reader'],
    ['dstdomain', `${dstdomain}http://example.net/\n`, 'reader'],
    ['dstdomain', dstdomain.replace('# catalogue', '\ncatalogue'), 'reader'],
    ['dstdomain', dstdomain.trimEnd(), 'reader']
  ]
  const cwd = folder(t, {
    ...Object.fromEntries(bad.map(([, text], index) => [`bad${index}`, text])),
    ...Object.fromEntries(bad.map(([kind], index) => [`conf${index}`, `http_port 3128\nacl x ${kind} "bad${index}"\n`]))
  })
  const script = bad
    .map((_, index) => `squid -k parse -f conf${index} 2> said && ! grep -qE 'WARNING|ERROR' said && echo ${index}`)
    .map((line) => `${line} || true\n`)
    .join('')
  const { stdout } = await inNamespace(script, { cwd })
  t.strictSame(
    stdout.split('\n').filter(Boolean),
    bad.flatMap(([, , who], index) => (who === 'reader' ? [String(index)] : [])),
    'what Squid lets pass'
  )
  for (const [kind, text] of bad) t.not(readAcl(kind, text).faults.length, 0, text.slice(-40))
})

t.test('the six old mirrors are gone on the day', async (t) => {
  const at = (instant: string) =>
    readAcl('dst', listsOf({ document: clearswift, at: instant, slice: 'out-tcp-80' }).dst).values.join()
  t.ok(retiring.every((value) => has(blockList(at('2018-11-21T23:59:59Z').split(',')), value)))
  t.notOk(retiring.some((value) => has(blockList(at('2018-11-22T00:00:00Z').split(',')), value)))
})

t.test('each list that is empty holds an inert entry', async (t) => {
  const { report } = rendered('squid', { document: clearswift, slice: 'in-tcp-22' })
  t.strictSame([report.entries, report.placeholder], [0, 2])
  t.equal(rendered('squid', { document: nested, slice }).report.placeholder, 1)
})

t.test('whatever the document, the lists say what its view does', async () => {
  fc.assert(
    fc.property(arbitraryDocument, arbitraryInstant, (document, instant) => {
      const at = new Date(instant).toISOString()
      const lists = listsOf({ document, at, slice: 'all', empty: 'none' })
      const dst = readAcl('dst', lists.dst)
      const dstdomain = readAcl('dstdomain', lists.dstdomain)
      const { addresses, names } = liveValues({ document, at, ...governed })
      const listed = blockList(dst.values)
      const known = blockList(addresses)
      const isListed = (name: string) =>
        dstdomain.values.some((value) => value === name || (value.startsWith('.') && `.${name}`.endsWith(value)))
      return (
        [...dst.faults, ...dstdomain.faults].length === 0 &&
        [
          '192.0.2.1',
          '192.0.3.0',
          '9.0.0.1',
          '8.8.8.8',
          '2001:db8::1',
          '2001:db9::',
          '::1',
          'ffff::',
          '0:ffff::'
        ].every((each) => has(listed, each) === has(known, each)) &&
        ['example.net', 'a.example.net', 'b.a.example.net', 'c.a.example.net', 'xn--bcher-kva.example', 'net'].every(
          (name) => isListed(name) === isNamed(names, name)
        )
      )
    }),
    { numRuns: runs(100) }
  )
})
