import { readFileSync } from 'node:fs'
import t from 'tap'
import { clearswift, issue, portolanProcess, temporary } from './portolan.ts'

// Each process costs a second or more: what the exit codes stand for is tested in this process, beside.
t.test('as a process', async (t) => {
  const store = temporary(t, 'portolan.db')

  t.test('3: the store cannot be reached', async (t) => {
    const ran = await portolanProcess(['list'], { store })
    t.match(ran, { code: 3, output: '', error: /^error: There is no store at / })
  })

  t.test('0: published, without colour where nobody sees it', async (t) => {
    const ran = await portolanProcess(['publish', issue], { store })
    t.match(ran, { code: 0, output: /^Published revision 1 \(2\.3\) /, error: '' })
    t.notMatch(ran.output, '\x1b')
  })

  t.test('1: refused, from the standard input', async (t) => {
    const input = readFileSync(issue, 'utf8').replace('ports: [53]', 'ports: [0]')
    const ran = await portolanProcess(['validate', '-', '--format', 'yaml'], { input })
    t.match(ran, { code: 1, output: '', error: /\/requirements\/0\/services\/0\/ports\/0: / })
  })

  t.test('2: wrong usage', async (t) => {
    t.match(await portolanProcess(['list', '--nonsense']), {
      code: 2,
      output: '',
      error: /unknown option '--nonsense'/
    })
  })

  t.test('a reader that stops early is no failure', async (t) => {
    t.match(await portolanProcess(['document', clearswift], { store, isDeaf: true }), {
      code: 0,
      output: '',
      error: ''
    })
  })
})
