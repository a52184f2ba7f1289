import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { slicesOf } from '../../../src/domain/export/slice.ts'
import { hostCovers } from '../../../src/domain/network/host.ts'
import { arbitraryDocument, arbitraryInstant } from '../../domain/document/support/arbitrary-document.ts'
import { documentOf, host, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { readSetFile, type SetFile } from './grammar/dnsmasq.ts'
import { liveValues, occasions } from './support/occasions.ts'
import { everything, rendered, renderedText, today } from './support/rendered.ts'
import { folder, inNamespace, missing, run } from './support/tool.ts'

const modes = ['nftset', 'ipset'] as const

/** Names in several slices, and under wildcards of others. */
const tangled = documentOf([
  requirement('web', [host('*.w.example'), host('v.example')]),
  requirement('mail', [host('a.w.example'), host('*.b.w.example'), host('x.v.example'), host('v.example')], {
    services: [{ transport: 'tcp', ports: [25] }],
    direction: 'both'
  })
])
const trials = [...occasions, { name: 'names of several slices', document: tangled, at: today }]

const isRich = ({ document }: { readonly document: Document }) => document === everything || document === tangled

function namesAsked(document: Document): readonly string[] {
  const names = document.requirements.flatMap(({ endpoints }) =>
    endpoints.flatMap((each) => (each.kind === 'host' ? [each.value.replace('*.', '')] : []))
  )
  return [...new Set([...names.flatMap((name) => [name, `s.${name}`, `s.s.${name}`]), 'evil.example', 'xv.example'])]
}

/** What is wrong with the sets that a name went into: whatever a slice lists must be there, and no more than the report says. */
function wrongs(
  document: Document,
  at: string,
  { sets, setsFor }: Pick<SetFile, 'sets' | 'setsFor'>
): readonly string[] {
  const slices = slicesOf(document.requirements).filter(({ direction }) => direction !== 'inbound')
  return slices.flatMap(({ name: slice }, index) => {
    // Two of each slice are made, in the order of slices.
    const own = sets.slice(2 * index, 2 * index + 2)
    const { names } = liveValues({ document, at, slice })
    return namesAsked(document).flatMap((name) => {
      const found = setsFor(name).filter((set) => own.includes(set))
      const isListed = names.some((pattern) => hostCovers(pattern, name))
      const isWider = names.some((pattern) => `.${name}`.endsWith(`.${pattern.replace('*.', '')}`))
      if (isListed && found.length !== 2) return [`${name} is missing in ${slice}`]
      return found.length > 0 && !isWider ? [`${name} is in ${slice}`] : []
    })
  })
}

/** Two of dnsmasq: the world, where each name has an address of each family, and the one that fills the sets of the kernel. */
const script = (mode: (typeof modes)[number]) => `
  ${mode === 'nftset' ? "sed -n 's/^#nft //p' portolan.conf | nft -f -" : "sed -n 's/^#ipset //p' portolan.conf | ipset restore"}
  dnsmasq --test -C portolan.conf 2>> said
  common="--keep-in-foreground --no-resolv --no-hosts --user=root --pid-file= --bind-interfaces --listen-address=127.0.0.1"
  dnsmasq $common --port=5301 -C world.conf 2>> said & world=$!
  dnsmasq $common --port=5300 --server=127.0.0.1#5301 -C portolan.conf 2>> said & server=$!
  trap 'kill $world $server' EXIT
  "$NODE" ask.mjs
  ${mode === 'nftset' ? 'nft -f others.nft && nft -j list sets' : 'ipset save'}`

const ask = (names: readonly string[]) => `
  import { Resolver } from 'node:dns/promises'
  const resolver = new Resolver({ timeout: 300, tries: 8 })
  resolver.setServers(['127.0.0.1:5300'])
  for (const name of ${JSON.stringify(names)}) {
    await resolver.resolve4(name)
    await resolver.resolve6(name)
  }`

/** `set address`, as the kernel has them. */
function elementsOf(mode: (typeof modes)[number], stdout: string): readonly string[] {
  if (mode === 'ipset') return [...stdout.matchAll(/^add (\S+) (\S+)$/gm)].map(([, set, value]) => `${set} ${value}`)
  // The shape of libnftables-json(5).
  const { nftables } = JSON.parse(stdout) as {
    nftables: readonly { set?: { name: string; elem?: readonly string[] } }[]
  }
  return nftables.flatMap(({ set }) => (set?.elem ?? []).map((value) => `${set?.name} ${value}`))
}

/** The `nftables` format, which replaces its own sets in the same table. */
const others = (document: Document, at: string) => renderedText('nftables', { document, at })

for (const mode of modes) {
  const skip = missing('dnsmasq', 'unshare', mode === 'nftset' ? 'nft' : 'ipset')
  for (const { name, document, at } of mode === 'nftset' ? trials : trials.filter(isRich)) {
    t.test(`dnsmasq fills the sets of ${mode} with the addresses of ${name}`, { skip }, async (t) => {
      const text = renderedText('dnsmasq', { document, at, mode })
      const names = namesAsked(document)
      const world = names.map((each, index) => ({
        name: each,
        v4: `10.0.${index >> 8}.${index & 255}`,
        v6: `fd00::1:${index.toString(16)}`
      }))
      const cwd = folder(t, {
        'portolan.conf': text,
        'others.nft': others(document, at),
        'world.conf': world.map(({ name, v4, v6 }) => `address=/${name}/${v4}\naddress=/${name}/${v6}\n`).join(''),
        'ask.mjs': ask(names)
      })
      const { stdout, stderr, code } = await inNamespace(script(mode), { cwd, env: { NODE: process.execPath } })
      t.equal(stderr, '')
      t.equal(code, 0)
      const elements = elementsOf(mode, stdout)
      const { faults, sets, setsFor } = readSetFile(mode, text)
      t.strictSame(faults, [])
      t.equal(
        sets.length,
        2 * slicesOf(document.requirements).filter(({ direction }) => direction !== 'inbound').length
      )
      const filled = (asked: string) => {
        const { v4, v6 } = world.find((each) => each.name === asked) ?? {}
        return elements.flatMap((element) => {
          const [set = '', value] = element.split(' ')
          return value === v4 || value === v6 ? [set] : []
        })
      }
      t.strictSame(wrongs(document, at, { sets, setsFor: filled }), [])
      for (const each of names) t.strictSame([...filled(each)].sort(), [...setsFor(each)].sort(), each)
    })
  }
}

t.test('the report says of every name that it is wider here', async (t) => {
  const { report } = rendered('dnsmasq', { document: tangled })
  t.strictSame(report.widenings.map(({ value, reason }) => `${value} ${reason}`).sort(), [
    '*.b.w.example apex',
    '*.w.example apex',
    'a.w.example subdomains',
    'v.example subdomains',
    'v.example subdomains',
    'x.v.example subdomains'
  ])
})

t.test('no line is longer than dnsmasq reads', { skip: missing('dnsmasq') }, async (t) => {
  const long = documentOf([requirement('web', [host('v.example')])], { title: '日本'.repeat(100) })
  const text = renderedText('dnsmasq', { document: long })
  t.strictSame(readSetFile('nftset', text).faults, [])
  t.equal((await run('dnsmasq', ['--test', '-C', 'x'], { cwd: folder(t, { x: text }) })).code, 0)
  const services = Array.from({ length: 20 }, (_, index) => ({ transport: 'tcp', ports: [1000 + index] }))
  const wide = services.map((service, index) =>
    requirement(`web${index}`, [host('v.example')], { services: [service] })
  )
  t.throws(() => rendered('dnsmasq', { document: documentOf(wide) }), { code: 'limit_exceeded' })
})

t.test(
  'dnsmasq refuses a line that is cut in two, and the reader what dnsmasq lets pass',
  { skip: missing('dnsmasq') },
  async (t) => {
    const text = renderedText('dnsmasq', { document: tangled })
    const test = async (bad: string) =>
      (await run('dnsmasq', ['--test', '-C', 'x'], { cwd: folder(t, { x: bad }) })).code
    for (const bad of [text.replace('# catalogue', '\ncatalogue'), `${text}nftsets=/a.example/4#inet#portolan#x\n`]) {
      t.not(await test(bad), 0)
      t.not(readSetFile('nftset', bad).faults.length, 0)
    }
    for (const bad of [
      text.replaceAll('/4#', '/9#'),
      text.replace('/v.example/', '/*.v.example/'),
      text.replace('/v.example/', '/v..example/'),
      text.replace('/v.example/', '/v.example'),
      text.replace('/v.example/', '/"v.example"/'),
      text.replace(/^#nft add set .*\n/m, ''),
      `${text}nftset=/v.example/4#inet#portolan#out-tcp-443.gateway-v4\n`,
      text.trimEnd()
    ])
      t.not(readSetFile('nftset', bad).faults.length, 0)
  }
)

t.test('whatever the document, the lines lead each name into its sets', async () => {
  fc.assert(
    fc.property(arbitraryDocument, arbitraryInstant, fc.constantFrom(...modes), (document, instant, mode) => {
      const at = new Date(instant).toISOString()
      const file = readSetFile(mode, renderedText('dnsmasq', { document, at, mode }))
      return file.faults.length === 0 && wrongs(document, at, file).length === 0
    }),
    { numRuns: runs(100) }
  )
})
