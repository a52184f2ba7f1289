import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { before, clearswift, issue, portolan, seeded, temporary } from './support/portolan.ts'

const text = readFileSync(issue, 'utf8')
/** The next edition, without the address of the online help: nobody announced that. */
const withoutHelp = text
  .replace(/ {4}publishedAt: 2018-10\n| {2}publishedAt: 2018-10\n/, '')
  .replace('label: "2.3"', 'label: "2.4"')
  .replace(/ {6}- kind: address\n {8}value: 79\.125\.18\.99\n {8}serves: .*\n/, '')

t.test('a document without a value, or in another encoding, has a place for its fault', async (t) => {
  const folder = t.testdir({ 'empty.yaml': '', 'remark.yaml': '# later\n', 'empty.json': '' })
  for (const name of ['empty.yaml', 'remark.yaml', 'empty.json']) {
    const { code, error } = await portolan(['validate', `${folder}/${name}`])
    t.equal(code, 1)
    t.ok(error.includes(`\n${folder}/${name}:1:1: `), error)
  }
  const bodies: readonly (readonly [string, Buffer])[] = [
    ['2:4', Buffer.from('a: 1\nb: \u00fc', 'latin1')],
    ['1:1', Buffer.from('\ufeffa: 1', 'utf16le')],
    ['2:4', Buffer.concat([Buffer.from('\ufeffa: \ufffd\n\ufffdü:'), Buffer.from([0xff]), Buffer.from('x')])]
  ]
  for (const [place, bytes] of bodies) {
    writeFileSync(`${folder}/other.yaml`, bytes)
    const { code, error } = await portolan(['validate', `${folder}/other.yaml`])
    t.equal(code, 1)
    t.ok(error.endsWith(`\n${folder}/other.yaml:${place}: is not valid UTF-8\n`), error)
  }
})

t.test('validate needs no store', async (t) => {
  t.test('what is sound', async (t) => {
    const { code, output, error } = await portolan(['validate', before, issue])
    t.equal(code, 0)
    t.equal(error, '')
    t.match(
      output,
      /1-pre-2\.3\.yaml: no fault in clearswift-exchange-gateway-4\.8 pre-2\.3, with 20 requirements and 49 endpoints\n/
    )
    t.match(output, /2-2\.3\.yaml: no fault .* and 57 endpoints\n/)
  })

  t.test('every fault, of every file, with its pointer', async (t) => {
    const faulty = temporary(t, 'faulty.yaml')
    writeFileSync(
      faulty,
      text.replace('value: 79.125.18.99', 'value: 79.125.18.999').replace('ports: [53]', 'ports: [0]')
    )
    const { code, output, error } = await portolan(['validate', faulty, issue])
    t.equal(code, 1)
    t.match(output, /^\S+2-2\.3\.yaml: no fault/)
    t.match(error, /faulty\.yaml: error: The document has \d faults/)
    t.match(error, /^\S+faulty\.yaml:\d+:\d+: \/requirements\/0\/services\/0\/ports\/0: /m)
    t.match(error, /^\S+faulty\.yaml:\d+:\d+: \/requirements\/1\/endpoints\/1\/value: /m)
  })

  t.test('each fault begins with the file, the line and the column, where an editor jumps to', async (t) => {
    const places = async (name: string, content: string) => {
      const file = temporary(t, name)
      writeFileSync(file, content)
      const { error } = await portolan(['validate', file])
      const line = /^(?<path>.+):(?<line>\d+):(?<column>\d+): \/version: (?<said>.*)$/m.exec(error)?.groups
      t.equal(line?.path, file)
      const at = content.split('\n')[Number(line?.line) - 1]?.slice(Number(line?.column) - 1)
      return [at?.slice(0, 4), line?.said]
    }
    const said = 'is a number where a text is needed: put it in quotes, "7.20"'
    t.strictSame(await places('a.yaml', text.replace(/^version: .*$/m, 'version: 7.20')), ['7.20', said])
    const json = (await portolan(['document', clearswift, '--json'], { store: await seeded(t) })).output
    const spread = JSON.stringify(JSON.parse(json), null, 2).replace(/"version": "[^"]*"/, '"version": 7.20')
    t.strictSame(await places('a.json', spread), ['7.20', said])
  })

  t.test('what is no YAML has its place too, and publishing says the same', async (t) => {
    const torn = temporary(t, 'torn.yaml')
    writeFileSync(torn, 'id: x\ntitle: "open\n')
    for (const command of ['validate', 'publish']) {
      const { code, error } = await portolan([command, torn])
      t.equal(code, 1)
      t.match(error, /^\S+torn\.yaml:\d+:\d+: cannot be read at line \d+, column \d+: /m, command)
    }
  })

  t.test('a byte order mark is no fault', async (t) => {
    t.equal((await portolan(['validate', '-', '--format', 'yaml'], { input: `\ufeff${text}` })).code, 0)
  })

  t.test('the standard input, in a format', async (t) => {
    t.equal((await portolan(['validate', '-', '--format', 'yaml'], { input: text })).code, 0)
    const { code, error } = await portolan(['validate', '-', '--format', 'json'], { input: text })
    t.equal(code, 1)
    t.match(error, /^-: error: .*line 1/)
  })
})

t.test('publish', async (t) => {
  t.test('a dry run against nothing answers, and leaves nothing', async (t) => {
    const store = temporary(t, 'portolan.db')
    const { code, output } = await portolan(['publish', before, '--dry-run'], { store })
    t.equal(code, 0)
    t.match(
      output,
      /^Would publish revision 1 \(pre-2\.3\) of .*: 69 added, 0 removed, 0 changed\. Nothing was written\.\n/
    )
    t.notOk(existsSync(store))
  })

  t.test('makes the store, tells the changes, and is quiet about what is there', async (t) => {
    const store = temporary(t, 'folder/portolan.db')
    t.match((await portolan(['publish', before, '--author', 'Ada'], { store })).output, /^Published revision 1 /)
    const { code, output } = await portolan(['publish', issue], { store })
    t.equal(code, 0)
    t.match(output, /^Published revision 2 \(2\.3\) of .*: 8 added, 0 removed, 12 changed\n/)
    t.match(output, /^\+ {2}kaspersky-av-updates +address 185\.155\.104\.24 +opens /m)
    const again = await portolan(['publish', issue], { store })
    t.equal(again.code, 0)
    t.match(again.output, /^Unchanged: this is revision 2 \(2\.3\) /)
    const { items } = JSON.parse((await portolan(['revisions', clearswift, '--json'], { store })).output)
    t.strictSame(
      items.map(({ author }: { readonly author?: string }) => author),
      [undefined, 'Ada']
    )
  })

  t.test('--json is the revision with its changes', async (t) => {
    const store = temporary(t, 'portolan.db')
    const first = JSON.parse((await portolan(['publish', before, '--json'], { store })).output)
    t.match(first, { number: 1, label: 'pre-2.3', counts: { added: 69 } })
    t.equal(first.changes.length, 69)
    const input = readFileSync(before, 'utf8')
    const again = JSON.parse((await portolan(['publish', '-', '--format', 'yaml', '--json'], { store, input })).output)
    t.match(again, { number: 1, changes: [] })
  })

  t.test('a document with faults never touches a store', async (t) => {
    const store = temporary(t, 'portolan.db')
    const input = text.replace('ports: [53]', 'ports: [0]')
    const { code, error } = await portolan(['publish', '-', '--format', 'yaml'], { store, input })
    t.equal(code, 1)
    t.match(error, /^error: The document has .*\n-:79:17: \/requirements\/0\/services\/0\/ports\/0: /)
    t.notOk(existsSync(store))
  })

  t.test('what comes before the newest revision is refused', async (t) => {
    const { code, error } = await portolan(['publish', before], { store: await seeded(t) })
    t.equal(code, 1)
    t.match(error, /1-pre-2\.3\.yaml:31:16: \/edition\/publishedAt: lies before revision 2/m)
  })
})

t.test('guard rails', async (t) => {
  const store = await seeded(t)
  const publish = (...argv: string[]) =>
    portolan(['publish', '-', '--format', 'yaml', ...argv], { store, input: withoutHelp })

  const refused = await publish()
  t.equal(refused.code, 1)
  t.equal(refused.output, '')
  t.match(refused.error, /^error: Refused by unannounced_removal; nothing was written\.\n/)
  t.match(
    refused.error,
    /^\S+:\d+:\d+: unannounced_removal \/requirements\/appliance-online-help\/endpoints\/address:79\.125\.18\.99: /m
  )
  t.match(refused.error, /add: --override unannounced_removal --reason TEXT\n$/)

  const problem = JSON.parse((await publish('--json', '--dry-run')).error)
  t.match(problem, { code: 'guard_rail', findings: [{ rule: 'unannounced_removal' }] })

  const other = await publish('--override', 'mass_removal', '--reason', 'none')
  t.equal(other.code, 1, 'another rule is no override')

  const unreasoned = await publish('--override', 'unannounced_removal')
  t.equal(unreasoned.code, 2)
  t.match(unreasoned.error, /^error: --override needs --reason TEXT.*\n$/)

  const passed = await publish('--override', 'unannounced_removal', '--reason', 'the host moved')
  t.equal(passed.code, 0)
  t.match(passed.output, /^Published revision 3 \(2\.4\) .*: 0 added, 1 removed, 0 changed\n/)
  const { items } = JSON.parse((await portolan(['revisions', clearswift, '--json'], { store })).output)
  t.match(items[0], { number: 3, reason: 'the host moved', overrides: ['unannounced_removal'] })

  t.test('restore brings it back', async (t) => {
    const restored = await portolan(['restore', clearswift, '2', '--reason', 'it did not', '--dry-run'], { store })
    t.equal(restored.code, 0)
    t.match(
      restored.output,
      /^Would publish revision 4 \(2\.3\) .*: 1 added, 0 removed, 0 changed\. Nothing was written\.\n/
    )
    const json = await portolan(['restore', clearswift, '2', '--reason', 'it did not', '--json'], { store })
    t.match(JSON.parse(json.output), { number: 4, label: '2.3', reason: 'it did not', counts: { added: 1 } })
    t.equal((await portolan(['restore', clearswift, '9', '--reason', 'none'], { store })).code, 1)
    t.equal((await portolan(['restore', 'nope', '1', '--reason', 'none'], { store })).code, 1)
    t.equal(
      (await portolan(['restore', clearswift, '1', '--reason', 'far back'], { store })).code,
      1,
      'guard rails hold'
    )
  })
})
