import { readFileSync } from 'node:fs'
import t from 'tap'
import { clearswift, issue, portolanProcess, temporary } from './support/portolan.ts'

// Each process costs a second or more: what the exit codes stand for is tested in this process, beside.
t.test('as a process', async (t) => {
  const store = temporary(t, 'portolan.db')
  const input = readFileSync(issue, 'utf8').replace('ports: [53]', 'ports: [0]')
  const [published, refused, usage, unreachable] = await Promise.all([
    portolanProcess(['publish', issue], { store }),
    portolanProcess(['validate', '-', '--format', 'yaml'], { input }),
    portolanProcess(['list', '--nonsense']),
    portolanProcess(['list'])
  ])
  t.match(published, { code: 0, output: /^Published revision 1 \(2\.3\) /, error: '' })
  t.notMatch(published.output, '\x1b', 'no colour where nobody sees it')
  t.match(refused, { code: 1, output: '', error: /^-:\d+:\d+: \/requirements\/0\/services\/0\/ports\/0: /m })
  t.match(usage, { code: 2, output: '', error: /unknown option '--nonsense'/ })
  t.match(unreachable, { code: 3, output: '', error: /^error: There is no store at / })

  t.test('a reader that stops early is no failure', async (t) => {
    t.match(await portolanProcess(['document', clearswift], { store, isDeaf: true }), {
      code: 0,
      output: '',
      error: ''
    })
  })
})
