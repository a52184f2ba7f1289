import { chmodSync, copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { readBackupNote } from '../../src/store/engine/sqlite-files.ts'
import { clearswift, portolan, seeded, temporary } from './support/portolan.ts'

t.test('backup writes a private file, says what is not in it, and replaces none in silence', async (t) => {
  const store = await seeded(t)
  const file = join(dirname(store), 'backup.db')
  const { code, output, error } = await portolan(['backup', file], { store })
  t.equal(code, 0, error)
  t.match(
    output,
    new RegExp(`^Backed up ${store} to ${file}, \\d+ bytes\\.\nNot in it: the key file ${store}\\.key, without`)
  )
  t.equal(statSync(file).mode & 0o777, 0o600)
  const noted = readBackupNote(store) ?? 0
  t.ok(noted > 0, 'when it was made is noted beside the store')
  chmodSync(file, 0o640)
  t.match(await portolan(['backup', file], { store }), {
    code: 1,
    output: '',
    error: /exists already: --overwrite replaces/
  })
  t.equal(readBackupNote(store), noted, 'a backup that was refused is none')
  t.equal((await portolan(['backup', file, '--overwrite'], { store })).code, 0)
  t.equal(statSync(file).mode & 0o777, 0o600)
})

t.test('a backup that cannot be noted beside the store is made all the same, and says so', async (t) => {
  const store = await seeded(t)
  // A folder in the place of the note: what holds for the superuser, too.
  mkdirSync(`${store}.backed-up`)
  const { code, output } = await portolan(['backup', join(dirname(store), 'backup.db')], { store })
  t.equal(code, 0)
  t.match(output, /^Backed up .*\nThe time of it could not be noted .*\nNot in it: /)
})

t.test('restore-backup verifies, says that a new epoch begins, and what it restored can be read', async (t) => {
  const store = await seeded(t)
  const file = join(dirname(store), 'backup.db')
  await portolan(['backup', file], { store })
  t.match(await portolan(['restore-backup', file], { store }), { code: 1, error: /There is a store at .*--overwrite/ })
  t.match(await portolan(['restore-backup', file, '--overwrite'], { store }), {
    code: 0,
    output:
      /^Restored .*\nVerified: 1 catalogues with 2 revisions.*\nA new epoch begins: [0-9a-f]{16}\. Whoever had read further than event 2/
  })
  t.match(await portolan(['show', clearswift], { store }), { code: 0 })
  const fresh = temporary(t, 'other.db')
  copyFileSync(`${store}.key`, `${fresh}.key`)
  t.equal((await portolan(['restore-backup', file], { store: fresh })).code, 0)
  t.equal((await portolan(['verify'], { store: fresh })).code, 0)
  t.match(await portolan(['restore-backup', '--in-place'], { store: fresh }), { code: 0, output: /A new epoch begins/ })
})

t.test('restore-backup without a file that is there, or with too much, is wrong usage', async (t) => {
  const store = await seeded(t)
  for (const line of ['restore-backup', 'restore-backup nowhere.db', `restore-backup ${store} --in-place`])
    t.match(await portolan(line.split(' '), { store }), { code: 2, output: '', error: /^error: / }, line)
  t.match(await portolan(['backup', 'x'], { store: temporary(t, 'none.db') }), {
    code: 3,
    error: /There is no store at/
  })
  t.notOk(existsSync('nowhere.db'))
})

t.test('for PostgreSQL the commands are printed, without the password, and nothing is said to be done', async (t) => {
  const url = 'postgres://portolan:secret@db.example/portolan'
  t.match(await portolan(['--store', url, 'backup', "it's.dump"]), {
    code: 1,
    output: "pg_dump --format=custom --no-owner --file='it'\\''s.dump' postgres://portolan@db.example/portolan\n",
    error: /^error: Nothing was done: the tools of PostgreSQL/
  })
  const file = temporary(t, 'x.dump')
  t.match(await portolan(['--store', url, 'backup', file, '--overwrite']), { code: 1, error: /Nothing was done/ })
})
