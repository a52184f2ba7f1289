import { writeFileSync } from 'node:fs'
import t from 'tap'
import { issue, portolan, temporary } from './support/portolan.ts'

/** What takes the line away, at the end. */
const gone = '\r\u001b[K'

t.test('long work says on a terminal where it is, and leaves nothing there', async (t) => {
  const store = temporary(t, 'portolan.db')
  const [copy, backup, table] = [temporary(t, 'copy.db'), temporary(t, 'backup.db'), temporary(t, 'ports.csv')]
  writeFileSync(table, 'item,protocol,port,host\nUpdates,tcp,443,updates.example.net\n')
  const imported = ['import', 'csv', table, '--catalogue', 'product-1', '--vendor', 'Vendor']
  const cases = [
    [['publish', issue], ''],
    [imported, 'publishing…'],
    [['verify', '--json'], 'verifying catalogues: 0 of 2'],
    [['backup', backup], 'pages: '],
    [['restore-backup', backup, '--overwrite'], 'verifying events: 0'],
    [['migrate'], 'changing the tables…'],
    [['copy', '--from', `sqlite:${store}`, '--to', `sqlite:${copy}`], 'copying endpoints: ']
  ] as const
  for (const [words, said] of cases) {
    const ran = await portolan(words, { store, isErrorTerminal: true })
    t.equal(ran.code, 0, ran.error)
    t.match(ran.error, said, words.join(' '))
    t.notMatch(ran.output, said || '\r', 'what it prints is as without a terminal')
    if (said !== '') t.ok(ran.error.endsWith(gone), `${words.join(' ')}: the line goes away`)
  }
})

t.test('a line that says where work is goes away before its failure is told', async (t) => {
  const ran = await portolan(['copy', '--from', 'sqlite:none', '--to', 'sqlite:other'], { isErrorTerminal: true })
  t.equal(ran.code, 3)
  const store = temporary(t, 'portolan.db')
  writeFileSync(store, 'no database')
  const { code, error } = await portolan(['migrate'], { store, isErrorTerminal: true })
  t.not(code, 0)
  t.match(error, /^\rchanging the tables….*\r\u001b\[K\S.*\n$/s)
})

t.test('where nobody looks, long work says nothing', async (t) => {
  const store = temporary(t, 'portolan.db')
  t.equal((await portolan(['publish', issue], { store })).code, 0)
  t.match(await portolan(['verify'], { store }), { code: 0, error: '' })
  t.match(await portolan(['backup', temporary(t, 'backup.db')], { store }), { code: 0, error: '' })
})
