import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import t from 'tap'
import { parseYaml } from '../../src/domain/json/yaml.ts'
import { readDraft } from '../../src/domain/publishing/draft.ts'
import { firstDocument } from '../../src/render/first-document.ts'
import { program } from '../support/program.ts'
import { portolan, temporary } from './support/portolan.ts'

const names = { id: 'a', title: 'A', vendor: 'V', product: 'P', version: '1' }

t.test('init writes a document that validates, says what is next, and never writes over another', async (t) => {
  const file = temporary(t, 'catalogue.yaml')
  const argv = ['init', file, '--vendor', 'Example: Ltd', '--product', 'Gateway', '--product-version', '4.10']
  const next = `Written: ${file}. Next:\n  portolan validate ${file}\n  portolan publish ${file} --dry-run\n`
  t.strictSame(await portolan(argv), { code: 0, output: next, error: '' })
  const text = readFileSync(file, 'utf8')
  t.match(text, /^# yaml-language-server: \$schema=http:\/\/127\.0\.0\.1:8080\/schema\/document-input\.schema\.json\n/)
  t.match(text, /id: gateway-4\.10\n.*vendor: "Example: Ltd"\nproduct: Gateway\nversion: "4\.10"\n/s)
  t.match(await portolan(['validate', '--strict', file]), { code: 0, error: '' })
  t.match(await portolan(['publish', '--dry-run', file]), { code: 0, output: /^Would publish revision 1/ })
  t.match(await portolan(['init', file]), { code: 1, error: /is there already, and is not overwritten/ })
  t.equal(readFileSync(file, 'utf8'), text)
  t.match(await portolan(['init', '-', '--id', 'Gateway 4']), { code: 1, error: /did you mean "gateway-4"\?/ })
})

t.test('init asks at a terminal for what no option says', async (t) => {
  const asked: string[] = []
  const answers = ['', 'Mail Gateway', '', '', '']
  const ran = await portolan(['init', '-', '--vendor', 'Example'], {
    ask: async (question) => {
      asked.push(question)
      return answers[asked.length] ?? ''
    }
  })
  t.match(ran.output, /id: mail-gateway-1\ntitle: "Mail Gateway 1: ports and protocols"\nvendor: Example\n/)
  t.equal(asked.length, 4)
  t.match(asked[0], /^Product \[Example Gateway\]: $/)
})

t.test('every optional field of a first document is right when its mark is taken away', async (t) => {
  const marked = /^( *)# ((?:- \{ )?\w+: .*)$/gm
  const text = firstDocument(names, 'schema.json').replace(marked, '$1$2')
  const draft = readDraft({ bytes: Buffer.from(text), notation: 'yaml' })
  t.notOk('faults' in draft && draft.faults, JSON.stringify('faults' in draft ? draft.faults : ''))
  const read = parseYaml(Buffer.from(text))
  const schema = JSON.parse(readFileSync(new URL('../../schema/document-input.schema.json', import.meta.url), 'utf8'))
  const value = 'value' in read ? read.value : undefined
  t.strictSame(Object.keys(value ?? {}).sort(), Object.keys(schema.properties).sort(), 'no field is left out')
})

t.test('validate --strict refuses what is often a mistake, at its line', async (t) => {
  const text = firstDocument(names, 'schema.json')
    .replace(/# (- \{ kind: address.*), serves.*/, '$1, until: 2020-01-01 }')
    .replace('    # tags: [updates]', '    tags: [udpates]')
  const file = temporary(t, 'catalogue.yaml')
  writeFileSync(file, text)
  t.match(await portolan(['validate', file]), { code: 0 })
  const { code, error } = await portolan(['validate', '--strict', file])
  t.equal(code, 1)
  t.match(
    error,
    /catalogue\.yaml:\d+:\d+: \S+host:updates\.example\.com: no address of the requirement serves this host/
  )
  t.match(error, /catalogue\.yaml:\d+:\d+: \S+address:198\.51\.100\.10: its end, 2020-01-01T00:00:00Z, has passed/)
  t.match(error, /catalogue\.yaml:\d+:\d+: \S+tags: the tag udpates stands nowhere else/)
})

t.test('validate --watch checks again when a file is saved', async (t) => {
  const file = temporary(t, 'catalogue.yaml')
  const text = firstDocument(names, 'schema.json')
  writeFileSync(file, text)
  const child = spawn(process.execPath, [...program('cli'), 'validate', '--watch', file])
  t.teardown(() => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  t.match((await lines.next()).value, 'no fault in a 1')
  // The watch begins with the first line, or soon after it.
  const saving = setInterval(() => writeFileSync(file, text.replace('label: "1"', 'label: "2"')), 200)
  t.teardown(() => clearInterval(saving))
  for (;;) {
    const { value } = await lines.next()
    if (/no fault in a 2/.test(String(value))) break
  }
  t.pass('the new edition was checked')
  t.match(await portolan(['validate', '--watch', '-']), { code: 2, error: /the standard input cannot be watched/ })
})
