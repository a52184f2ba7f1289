import { createContext, runInContext } from 'node:vm'
import t from 'tap'
import { hostCovers } from '../../../src/domain/network/host.ts'
import { arbitraryDocument, arbitraryInstant } from '../../domain/document/support/arbitrary-document.ts'
import { documentOf, host, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { blockList, has } from './support/block-list.ts'
import { liveValues, occasions, retiring } from './support/occasions.ts'
import { clearswift, renderedText, today } from './support/rendered.ts'
import { folder, missing, run } from './support/tool.ts'

const governed = { directions: ['outbound', 'both'], transports: ['tcp', 'any'] } as const
const strangers = ['evil.example', 'example.net.evil.example', '10.9.9.9', '198.51.99.255']

/** `pactester` reads URLs from a file, one a line, and cannot take the host out of one with an IPv6 address. */
async function decide(
  t: Parameters<typeof folder>[0],
  pac: string,
  hosts: readonly string[]
): Promise<readonly string[]> {
  const urls = hosts.map((name) => `http://${name}/\n`).join('')
  const cwd = folder(t, { 'portolan.pac': pac, urls })
  const { code, stdout, stderr } = await run('pactester', ['-p', 'portolan.pac', '-f', 'urls'], { cwd })
  if (code !== 0) throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.replace(/^.* : /, ''))
}

for (const { name, document, at, slice } of occasions) {
  t.test(`a browser reaches what is listed of ${name}, and nothing else`, { skip: missing('pactester') }, async (t) => {
    const { addresses, names } = liveValues({ document, at, slice, ...governed })
    const known = blockList(addresses)
    const every = [
      ...names.flatMap((each) => [each, `sub.${each}`, `a.b.${each}`]).map((each) => each.replace('*.', '')),
      ...addresses.map((each) => each.replace(/\/.*/, '')),
      ...retiring,
      ...strangers
    ]
    const hosts = every.filter((each) => !each.includes(':'))
    const expected = hosts.map((each) =>
      names.some((pattern) => hostCovers(pattern, each)) || (/^[\d.]+$/.test(each) && has(known, each))
        ? 'DIRECT'
        : 'PROXY 127.0.0.1:9'
    )
    t.strictSame(await decide(t, renderedText('pac', { document, at, slice }), hosts), expected)
  })
}

t.test('pactester refuses a broken script', { skip: missing('pactester') }, async (t) => {
  const pac = renderedText('pac', { document: clearswift, slice: 'out-tcp-80' })
  for (const bad of [pac.replace('// catalogue', '\ncatalogue'), pac.replace('": 1', ': 1'), pac.replace(/\}\s*$/, '')])
    await t.rejects(decide(t, bad, ['evil.example']))
})

t.test('mode=function leaves the decision to the file that it is put into', async (t) => {
  const pac = renderedText('pac', { document: clearswift, slice: 'out-tcp-80', at: today, mode: 'function' })
  t.notMatch(pac, 'FindProxyForURL')
  t.ok(listing(pac)('repo.clearswift.net'))
})

t.test('names that are words of the language are names like others', async (t) => {
  const document = documentOf([requirement('odd', [host('constructor'), host('__proto__'), host('*.to.string')])])
  const lists = listing(renderedText('pac', { document }))
  t.ok(['constructor', '__proto__', 'a.to.string'].every(lists))
  t.notOk(['valueof', 'to.string', 'hasownproperty', ''].some(lists))
})

/** The function of the script, in a context without anything that a browser has. */
function listing(pac: string): (host: string) => boolean {
  const context = createContext({})
  runInContext(pac, context)
  return (host) => runInContext(`portolanLists(${JSON.stringify(host)})`, context) === true
}

t.test('whatever the document, the script lists what its view says', async () => {
  fc.assert(
    fc.property(arbitraryDocument, arbitraryInstant, (document, instant) => {
      const at = new Date(instant).toISOString()
      const lists = listing(renderedText('pac', { document, at, slice: 'all' }))
      const { addresses, names } = liveValues({ document, at, ...governed })
      const known = blockList(addresses)
      return (
        ['192.0.2.1', '192.0.3.0', '9.0.0.1', '8.8.8.8', '2001:db8::1', '2001:db9::', '::1', '2001:DB8:0:1::5'].every(
          (address) => lists(address) === has(known, address) && lists(`[${address}]`) === has(known, address)
        ) &&
        ['example.net', 'A.example.net', 'b.a.example.net.', 'c.b.a.example.net', 'xn--bcher-kva.example', 'net'].every(
          (name) => lists(name) === names.some((pattern) => hostCovers(pattern, name.toLowerCase().replace(/\.$/, '')))
        )
      )
    }),
    { numRuns: runs(100) }
  )
})
