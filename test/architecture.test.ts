import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const source = fileURLToPath(new URL('../src/', import.meta.url))

/** Which rooms a room may look into, beside itself. This table is the architecture. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  render: ['domain'],
  store: ['domain'],
  catalogue: ['store', 'render', 'domain'],
  http: ['catalogue', 'store', 'render', 'domain'],
  graphql: ['catalogue', 'store', 'render', 'domain'],
  delivery: ['catalogue', 'store', 'render', 'domain'],
  config: ['domain'],
  app: ['http', 'graphql', 'catalogue', 'store', 'render', 'domain'],
  'open-catalogues': ['config', 'catalogue', 'store', 'domain'],
  main: ['app', 'graphql', 'delivery', 'config', 'open-catalogues', 'http', 'catalogue', 'store', 'domain'],
  cli: ['app', 'delivery', 'config', 'open-catalogues', 'http', 'catalogue', 'store', 'render', 'domain']
}

/** Of the store, all but those who open it see only its interface. */
const storeInterface = 'store/store.ts'
const storeOpeners = ['main', 'cli', 'open-catalogues', 'store']

/** What a room may take from outside, where that is restricted. */
const packages: Readonly<Record<string, readonly string[]>> = {
  domain: [
    'typebox',
    'typebox/compile',
    'typebox/schema',
    'ipaddr.js',
    'tldts',
    'tinyqueue',
    'temporal-polyfill',
    'yaml',
    'node:crypto',
    'node:net',
    'node:url'
  ],
  render: ['fast-xml-builder', 'fflate', 'nanotar', 'node:crypto', 'yaml'],
  catalogue: ['lru-cache', 'node:worker_threads', 'node:path', 'node:fs/promises']
}

interface Import {
  readonly file: string
  readonly room: string
  readonly target: string
}

const statement = /^(?:import|export)\b[^'\n]*(?:\n[^'\n]*)*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm

function imports(): readonly Import[] {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  return files.flatMap((file) => {
    const text = readFileSync(join(source, file), 'utf8')
    return [...text.matchAll(statement)].map(([, from, bare, dynamic]) => ({
      file,
      room: roomOf(file),
      target: from ?? bare ?? dynamic ?? ''
    }))
  })
}

function roomOf(file: string): string {
  return (file.split('/')[0] ?? '').replace(/\.ts$/, '')
}

function violation({ file, room, target }: Import): string | undefined {
  if (!target.startsWith('.')) {
    const allowed = packages[room]
    return allowed && !allowed.includes(target) ? `${file} imports the package ${target}` : undefined
  }
  const path = normalize(join(dirname(file), target))
  const to = roomOf(path)
  if (to !== room && !arrows[room]?.includes(to)) return `${file} looks into ${path}`
  if (to === 'store' && path !== storeInterface && !storeOpeners.includes(room))
    return `${file} names the engine behind ${storeInterface}: ${path}`
  return undefined
}

t.test('arrows point one way', async (t) => {
  t.strictSame(
    imports()
      .map(violation)
      .filter((found) => found !== undefined),
    []
  )
})

t.test('the test sees an arrow that points the wrong way', async (t) => {
  t.match(violation({ file: 'domain/view/view.ts', room: 'domain', target: '../store/store.ts' }), /looks into/)
  t.match(violation({ file: 'http/read/views.ts', room: 'http', target: '../store/sqlite.ts' }), /names the engine/)
  t.match(violation({ file: 'domain/view/view.ts', room: 'domain', target: 'fastify' }), /imports the package/)
})

t.test('only the process itself touches the environment and the exit', async (t) => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !['main.ts', 'cli.ts'].includes(file)
  )
  const touching = files.filter((file) => /process\.(env|exit)\b/.test(readFileSync(join(source, file), 'utf8')))
  t.strictSame(touching, [])
})

t.test('time and randomness come into the domain from outside', async (t) => {
  const files = readdirSync(join(source, 'domain')).concat(
    readdirSync(join(source, 'render')).map((file) => `../render/${file}`)
  )
  const touching = files.filter((file) =>
    /Date\.now\(|new Date\(\)|Math\.random\(|randomBytes|randomUUID/.test(
      readFileSync(join(source, 'domain', file), 'utf8')
    )
  )
  t.strictSame(touching, [])
})
