import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { documentOf, requirement } from '../../domain/document/support/sample.ts'
import { occasions } from './support/occasions.ts'
import { renderedText } from './support/rendered.ts'
import { readRules } from './support/rules.ts'
import { anyAsNetworks, sayings, texts } from './support/said.ts'
import { folder, missing, type Outcome, run } from './support/tool.ts'

const tools = missing('ansible-playbook', 'yamllint')
/** What templates of Ansible see of some files of variables, in one run; undefined where it refuses one. */
async function seen(
  cwd: string,
  files: readonly string[]
): Promise<readonly Readonly<Record<string, unknown>>[] | undefined> {
  const tasks = files.flatMap((content, index) => {
    writeFileSync(join(cwd, `${index}.yml`), content)
    return [
      { include_vars: { file: `${index}.yml`, name: 'seen' } },
      { template: { src: 'seen.j2', dest: `${cwd}/${index}.json` } }
    ]
  })
  writeFileSync(join(cwd, 'seen.j2'), '{{ seen | to_json }}')
  writeFileSync(join(cwd, 'play.json'), JSON.stringify([{ hosts: 'localhost', gather_facts: false, tasks }]))
  const { code } = await run('ansible-playbook', ['-c', 'local', 'play.json'], {
    cwd,
    env: { HOME: cwd },
    timeout: 110_000
  })
  if (code !== 0) return undefined
  return files.map((_, index) => JSON.parse(readFileSync(join(cwd, `${index}.json`), 'utf8')))
}

/** It would leave a file in the folder that Ansible runs in. */
const template = "{{ lookup('pipe', 'touch run') }}"
const hostile = renderedText('ansible', {
  document: documentOf([requirement('a')], {
    title: template,
    product: template,
    edition: { label: template, summary: template }
  })
})
const everything = renderedText('ansible')

t.test('ansible sees what the view says, and runs nothing of it', { skip: tools }, async (t) => {
  const cwd = folder(t)
  const files = occasions.map(({ document, at }) => renderedText('ansible', { document, at }))
  const brokenPort = everything.replace('from_port: 80', 'from_port: [80]')
  const found = await seen(cwd, [...files, hostile, brokenPort])
  for (const [index, { name, document, at }] of occasions.entries()) {
    const variable = `portolan_${document.id.replaceAll('-', '___').replaceAll('.', '__')}`
    t.strictSame(
      texts(readRules(found?.[index]?.[variable])),
      texts(anyAsNetworks(sayings(document, at)), (saying) =>
        ['role', 'feed', 'pattern', 'group'].includes(saying.kind) ? undefined : saying
      ),
      name
    )
  }
  t.match(found?.[occasions.length], { portolan_gateway: { catalogue: 'gateway' } })
  t.notOk(existsSync(join(cwd, 'run')))
  t.notMatch(hostile.replaceAll(/^#.*\n/gm, ''), /\{\{/)
  t.throws(() => readRules(found?.[occasions.length + 1]?.portolan_everything___1__0), 'a port that is none is seen')
})

function yamllint(cwd: string): Promise<Outcome> {
  return run('yamllint', ['-s', '-d', '{extends: default, rules: {line-length: disable}}', '.'], { cwd })
}

t.test('yamllint finds nothing', { skip: tools }, async (t) => {
  const files = occasions.map(({ document, at }, index) => [`${index}.yml`, renderedText('ansible', { document, at })])
  t.match(await yamllint(folder(t, Object.fromEntries(files))), { code: 0, stdout: '' })
})

t.test('yamllint finds what is broken', { skip: tools }, async (t) => {
  const broken = {
    'quote.yml': everything.replace('- www.example.net', '- "www.example.net'),
    'newline.yml': everything.replace('- www.example.net', '- www\n.example.net: x'),
    'twice.yml': everything.replace('    - name: tcp\n', '    - name: tcp\n      name: tcp\n')
  }
  const { stdout } = await yamllint(folder(t, broken))
  for (const [name, text] of Object.entries(broken)) {
    t.not(text, everything)
    t.match(stdout, name)
  }
})
