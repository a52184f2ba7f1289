import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

t.test('the container of the service may do no more than it needs', async (t) => {
  const { portolan } = parse(read('docker-compose.yml')).services
  t.equal(portolan.user, '1000:1000', 'a numeric user who is not root')
  t.equal(portolan.read_only, true, 'a root file system that it cannot write to')
  t.strictSame(portolan.cap_drop, ['ALL'], 'no capabilities')
  t.strictSame(portolan.security_opt, ['no-new-privileges:true'], 'no way to more privileges')
  t.match(portolan.deploy.resources.limits.memory, /^\d+[mg]$/, 'a limit of memory')
  t.match(read('Dockerfile'), /^USER [1-9]\d*:[1-9]\d*$/m, 'the image has that user too')
})

t.test('no password stands in the compose file, and none is assumed', async (t) => {
  const text = read('docker-compose.yml')
  const used = [...text.matchAll(/\$\{(\w*(?:PASSWORD|SECRET)\w*)([^}]*)\}/g)]
  t.ok(used.length > 0)
  for (const [, name, rest] of used) t.notMatch(rest, /^:?-./, `${name} has no default`)
  t.match(text, /POSTGRES_PASSWORD:\?/, 'who sets none is told so')
})
