import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { repository } from './support/repository.ts'
import { startService } from './support/service.ts'

const run = promisify(execFile)
const packages = join(repository, 'node_modules')

const sources = ['bin', 'src', 'schema', 'openapi', 'migrations', 'catalogues']

/** A copy of the sources, with all packages. */
function copyInto(folder: string): void {
  for (const name of [...sources, 'package.json', 'README.md', 'LICENSE', 'tsconfig.json', 'tsconfig.build.json'])
    cpSync(join(repository, name), join(folder, name), { recursive: true })
  symlinkSync(packages, join(folder, 'node_modules'))
}

/** What a package manager brings for the package, and nothing else. */
function linkDependencies(folder: string): void {
  const { dependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
  for (const name of Object.keys(dependencies)) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(packages, name), link)
  }
}

/** The package in an empty folder: built and packed from the sources, beside which there is what an older build left, and unpacked there. */
async function installPackage(t: Test): Promise<{ readonly folder: string; readonly home: string }> {
  const [source, folder] = [temporary(t), temporary(t)]
  copyInto(source)
  mkdirSync(join(source, 'dist'))
  writeFileSync(join(source, 'dist/gone.js'), '')
  await run('npm', ['pack', '--pack-destination', folder], { cwd: source })
  const home = join(folder, 'node_modules/portolan')
  mkdirSync(home, { recursive: true })
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  await run('tar', ['-xf', join(folder, tarball), '-C', home, '--strip-components=1'])
  linkDependencies(folder)
  return { folder, home }
}

const installing = installPackage(t)

t.test('the package is built when it is packed, and runs in a folder where nothing else is', async (t) => {
  const { folder: empty, home } = await installing
  for (const name of ['dist/main.js', 'dist/thread.js', 'migrations', 'schema', 'openapi', 'README.md', 'LICENSE'])
    t.ok(existsSync(join(home, name)), name)
  for (const name of ['src', 'test', 'examples', 'node_modules', 'dist/gone.js', 'dist/main.js.map'])
    t.notOk(existsSync(join(home, name)), name)

  const portolan = 'node_modules/portolan/bin/portolan.js'
  const shell = async (...words: string[]) => (await run(process.execPath, [portolan, ...words], { cwd: empty })).stdout
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
  t.equal(await shell('--version'), `portolan ${version}, Node ${process.versions.node}, sqlite\n`)
  t.match(await shell('serve', '--help'), /^Usage: portolan serve /)
  const service = await startService({}, { folder: empty, program: [portolan, 'serve', '--port', '0'] })
  t.notMatch(service.output(), 'trusted documents', 'they are in the package')
  const { items } = JSON.parse(await (await fetch(`${service.address}/v1/catalogues`)).text())
  t.match(items, [{ id: 'clearswift-exchange-gateway-4.8', revision: { number: 2 } }], 'the catalogues of the package')
  t.equal(await service.stop(), 0)
  t.ok(existsSync(join(empty, 'data/portolan.db')))
  t.match(await shell('list'), /^clearswift-exchange-gateway-4\.8 /m)

  mkdirSync(join(empty, 'catalogues'))
  const own = ['serve', '--port', '0', '--store', 'sqlite:own.db']
  const other = await startService({}, { folder: empty, program: [portolan, ...own] })
  t.match(
    JSON.parse(await (await fetch(`${other.address}/v1/catalogues`)).text()).items,
    [],
    'a folder of its own goes before'
  )
  t.equal(await other.stop(), 0)
})

t.test('what is built starts with its runtime dependencies alone, and holds the page at /graphiql', async (t) => {
  const { home: folder } = await installing
  const start = (graphiql: string) =>
    startService(
      { PORTOLAN_DATABASE_URL: 'sqlite::memory:', PORTOLAN_GRAPHIQL: graphiql },
      { folder, program: ['bin/start.js'] }
    )

  const service = await start('on')
  const page = await (await fetch(`${service.address}/graphiql`)).text()
  const links = [...page.matchAll(/(?:src|href)="(graphiql\/[^"]+)"/g)].map(([, link = '']) => link)
  t.equal(links.length, 6)
  for (const link of links) {
    const answer = await fetch(`${service.address}/${link}`)
    t.equal(answer.status, 200, link)
    await answer.arrayBuffer()
  }
  t.equal(await service.stop(), 0)

  rmSync(join(folder, 'dist/graphiql/graphiql.js'))
  await t.rejects(
    start('on'),
    /ended with 1: not_ready: PORTOLAN_GRAPHIQL=on needs \S+graphiql\.js, which is not there: npm run build brings it\.\n$/,
    'a missing file is said in a line, and it does not start'
  )
  t.equal(await (await start('off')).stop(), 0, 'without the page it is not needed')
})

t.test('where nothing is built and nothing can build it, that is what is said', async (t) => {
  const folder = temporary(t)
  for (const name of ['bin', 'src', 'package.json'])
    cpSync(join(repository, name), join(folder, name), { recursive: true })
  for (const name of ['start', 'portolan'])
    await t.rejects(run(process.execPath, [`bin/${name}.js`], { cwd: folder }), {
      code: 2,
      stderr: 'dist is missing: npm ci && npm run build\n'
    })
})

function temporary(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  return folder
}
