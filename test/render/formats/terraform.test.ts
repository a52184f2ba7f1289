import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseTar } from 'nanotar'
import t from 'tap'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { documentOf, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { occasions } from './support/occasions.ts'
import { rendered, renderedText, type Wanted } from './support/rendered.ts'
import { readRules } from './support/rules.ts'
import { anyAsNetworks, sayings, texts } from './support/said.ts'
import { folder, missing, type Outcome, run } from './support/tool.ts'

const at = '2020-01-15T00:00:00Z'
const environment = { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_CLI_CONFIG_FILE: '/dev/null' }
const values = 'portolan.auto.tfvars.json'
const uses = 'output "rules" { value = var.portolan }\n'

function filesOf(wanted: Wanted = {}): Readonly<Record<string, string>> {
  const { body } = rendered('terraform', wanted)
  return Object.fromEntries(parseTar(body).map(({ name, data }) => [name, Buffer.from(data ?? []).toString()]))
}

/** Without providers and modules a plan needs no `init`. */
function plan(cwd: string): Promise<Outcome> {
  return run('terraform', ['plan', '-input=false', '-refresh=false', '-no-color', '-out=plan'], {
    cwd,
    env: environment
  })
}

async function planned(cwd: string): Promise<unknown> {
  const shown = await run('terraform', ['show', '-json', 'plan'], { cwd, env: environment })
  return JSON.parse(shown.stdout).variables.portolan.value
}

for (const { name, document, at } of occasions) {
  t.test(`terraform plans with ${name}, and sees what the view says`, { skip: missing('terraform') }, async (t) => {
    const cwd = folder(t, { ...filesOf({ document, at }), 'main.tf': uses })
    const { code, stderr } = await plan(cwd)
    t.match({ code, stderr }, { code: 0, stderr: '' })
    t.strictSame(
      texts(readRules(await planned(cwd))),
      texts(anyAsNetworks(sayings(document, at)), (saying) =>
        ['role', 'feed', 'pattern', 'group'].includes(saying.kind) ? undefined : saying
      )
    )
  })
}

t.test('what looks like a template in the catalogue stays text', { skip: missing('terraform') }, async (t) => {
  const template = `\${file("/etc/hostname")} %{ if true }x%{ endif }`
  const document = documentOf([requirement('a')], { title: template, edition: { label: template, summary: template } })
  const cwd = folder(t, { ...filesOf({ document }), 'main.tf': uses })
  t.match(await plan(cwd), { code: 0 })
})

/** Each is refused by the declaration that goes with the values. */
const faults: readonly (readonly [name: string, from: string, to: string])[] = [
  ['an address', '198.51.100.7/32', '198.51.100.256/32'],
  ['no prefix', '198.51.100.7/32', '198.51.100.7'],
  ['a prefix', '198.51.100.7/32', '198.51.100.7/33'],
  ['host bits', '198.51.100.128/25', '198.51.100.129/25'],
  ['an IPv6 prefix', '2001:db8:1::/48', '2001:db8:1::/148'],
  ['the other family', '198.51.100.7/32', '2001:db8::7/128'],
  ['a port', '"from_port": 80', '"from_port": 65536'],
  ['half a range', '"from_port": 80,', ''],
  ['a type', '"from_port": 80', '"from_port": "http"'],
  ['a protocol', '"protocol": "sctp"', '"protocol": "tpc"'],
  ['a wildcard', '"www.example.net"', '"*.example.net"'],
  ['a newline', '"www.example.net"', '"www.example.net\\n"'],
  ['a name that stands twice', '"name": "tcp-443"', '"name": "tcp-80"'],
  ['a type of ICMP', '"icmp_type": 8', '"icmp_type": 256'],
  ['broken text', '"www.example.net"', '"www.example.net'],
  ['nobody', '"192.0.2.45/32"', '']
]

t.test('terraform refuses at plan time', { skip: missing('terraform') }, async (t) => {
  const files = filesOf()
  const cwd = folder(t, { ...files, 'main.tf': uses })
  t.equal((await plan(cwd)).code, 0)
  for (const [name, from, to] of faults) {
    const changed = (files[values] ?? '').replace(from, to)
    t.not(changed, files[values], name)
    writeFileSync(join(cwd, values), changed)
    t.not((await plan(cwd)).code, 0, name)
  }
})

t.test('the declaration is as terraform fmt writes it', { skip: missing('terraform') }, async (t) => {
  const cwd = folder(t, filesOf())
  const checked = await run('terraform', ['fmt', '-check', '-diff', join(cwd, 'variables.tf')], { env: environment })
  t.match(checked, { code: 0, stdout: '' })
})

t.test('terraform and ansible say what any document says', async (t) => {
  const { parse } = await import('yaml')
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      const expected = texts(anyAsNetworks(sayings(document, at)), (saying) =>
        ['role', 'feed', 'pattern', 'group'].includes(saying.kind) ? undefined : saying
      )
      const json = JSON.parse(renderedText('terraform', { document, at, part: values }))
      const yaml = parse(renderedText('ansible', { document, at }), { version: '1.1' })
      t.strictSame(texts(readRules(json.portolan)), expected)
      t.strictSame(texts(readRules(yaml.portolan_gateway)), expected)
    }),
    { numRuns: runs(100) }
  )
})
