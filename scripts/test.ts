import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'
import { noPostgres } from '../test/support/engine.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { compileTree } from './compiled-tree.ts'

/*
 * Compiles everything once and runs tests, each file as a process, on one PostgreSQL: all but those of what is installed; with --install those
 * alone; with --unit those that need no database, no network and no tool of the machine; or the files and folders that are named.
 *
 * It uses `tap` as a library. Its command would load into every process what records the files that were used, for its reports of coverage:
 * nobody reads them here, and that takes a fifth of the time.
 */

const root = fileURLToPath(new URL('../', import.meta.url))
const unit = ['test/architecture.test.ts', 'test/config.test.ts', 'test/domain', 'test/render']
/** The package, its deployment, and the documents and examples that are run as printed: each starts programs, and none tries `src/` anew. */
const install = [
  'test/build.test.ts',
  'test/container.test.ts',
  'test/deploy',
  'test/docs',
  'test/examples',
  'test/examples.test.ts'
]
const settings: { readonly jobs: number; readonly timeout: number } = parse(readFileSync(`${root}.taprc`, 'utf8'))
/** V8 is to optimise a function late: most of what a test runs, it runs a few times, and optimising that takes a fifth of the time. */
const flags = [
  '--enable-source-maps',
  '--interrupt-budget=1000000',
  `--import=${root}.build/test/support/end-with-runner.js`
]

const words = process.argv.slice(2)
const isUnit = words.includes('--unit')
const isInstall = words.includes('--install')
const isWhole = words.length === 0
const named = isUnit ? unit : isInstall ? install : words.map((word) => word.replace(/^\.\/|\/$/g, ''))
const isOf = (file: string, name: string) => file === name || file.startsWith(`${name}/`)
const all = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
  .map((file) => `test/${file}`)
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
const unknown = named.filter((name) => !all.some((file) => isOf(file, name)))
if (unknown.length > 0) {
  process.stderr.write(`There is no test at ${unknown.join(', ')}.\n`)
  process.exit(2)
}
const isNamed = (file: string) =>
  isWhole ? !install.some((name) => isOf(file, name)) : named.some((name) => isOf(file, name))
const files = all.filter(isNamed).sort()

// PostgreSQL starts while everything is compiled.
const starting = (isWhole || isInstall) && noPostgres === false ? startPostgres() : undefined
compileTree()
const server = await starting
if (server) t.teardown(() => server.stop())
const environment = {
  ...process.env,
  // Within a file, too: the default of 30 seconds is too short for a machine that has other things to do.
  TAP_TIMEOUT: String(settings.timeout),
  ...(server && { PORTOLAN_TEST_POSTGRES_URL: server.url }),
  ...(isUnit && { PORTOLAN_TEST_TOOLS: 'none' })
}

// On a terminal the command of `tap` shows what it reads. Whoever else reads gets the lines as they are.
if (process.stdout.isTTY) t.pipe(spawn('tap', ['run', '-'], { cwd: root, stdio: ['pipe', 'inherit', 'inherit'] }).stdin)
process.on('exit', () => {
  if (!t.passing()) process.exitCode = 1
})
t.plan(files.length)
t.setTimeout(0)
t.jobs = settings.jobs
for (const file of files) {
  // `tap` puts its recorder into NODE_OPTIONS.
  const options = `NODE_OPTIONS=${process.env.NODE_OPTIONS ?? ''}`
  const compiled = `.build/${file.replace(/\.ts$/, '.js')}`
  void t.spawn('env', [options, process.execPath, ...flags, compiled], {
    name: file,
    cwd: root,
    env: environment,
    buffered: true,
    timeout: settings.timeout * 1000
  })
}
