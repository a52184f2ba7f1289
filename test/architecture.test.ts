import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import t from 'tap'
import { repository as root } from './support/repository.ts'

/** Files of the sources that `npm run generate` writes. Their lengths and names are those of what they are made of. */
const generated = ['graphql/schema-types.ts']

const source = join(root, 'src')

/** Which layers a layer may look into, beside itself. This table and the next one are the architecture. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  render: ['domain'],
  store: ['domain'],
  catalogue: ['store', 'render', 'domain'],
  work: ['domain'],
  'package-version': [],
  http: ['package-version', 'catalogue', 'work', 'store', 'render', 'domain'],
  graphql: ['catalogue', 'store', 'render', 'domain'],
  pages: ['http', 'package-version', 'catalogue', 'store', 'render', 'domain'],
  delivery: ['catalogue', 'store', 'render', 'domain'],
  config: ['domain'],
  'graphql-outlet': ['http', 'graphql', 'catalogue', 'domain'],
  app: ['graphql-outlet', 'work', 'http', 'pages', 'graphql', 'catalogue', 'domain'],
  'open-threads': ['config', 'http', 'thread', 'work'],
  'open-deliveries': ['config', 'catalogue', 'delivery', 'domain'],
  'sending-thread': ['config', 'delivery', 'open-catalogues', 'open-deliveries'],
  'open-poller': ['catalogue', 'config', 'delivery', 'open-deliveries', 'package-version', 'thread', 'work'],
  'open-sending': ['catalogue', 'config', 'delivery', 'open-deliveries', 'open-threads', 'sending-thread', 'work'],
  thread: ['app', 'catalogue', 'config', 'delivery', 'graphql', 'http', 'open-catalogues', 'work'],
  'open-catalogues': ['config', 'catalogue', 'store', 'domain'],
  stopping: [],
  main: [
    'app',
    'stopping',
    'open-threads',
    'open-deliveries',
    'open-poller',
    'open-sending',
    'graphql',
    'delivery',
    'config',
    'open-catalogues',
    'http',
    'catalogue',
    'store',
    'domain'
  ],
  cli: [
    'main',
    'package-version',
    'delivery',
    'config',
    'open-catalogues',
    'catalogue',
    'store',
    'render',
    'work',
    'domain'
  ]
}

/**
 * The floors of each layer, the ground floor first. A room, or a file at the root of the layer, may look only into what stands on a
 * lower floor, so there can be no circle. `delivery/` is one room.
 */
const floors: Readonly<Record<string, readonly (readonly string[])[]>> = {
  domain: [
    ['errors', 'group', 'nearest-name', 'schema-words', 'sealing', 'slug', 'text', 'time', 'token-bucket'],
    ['error-guide', 'json', 'narrowing'],
    ['network'],
    ['document', 'key'],
    ['history', 'key-grant', 'table'],
    ['read', 'view'],
    ['feed'],
    ['reference'],
    ['site'],
    ['change', 'export', 'lookup', 'mirror', 'shape'],
    ['change-pack', 'event'],
    ['publishing', 'webhook'],
    ['polling']
  ],
  render: [
    ['csv-text', 'device', 'i-calendar', 'key-json', 'problem-json', 'markdown-text', 'xml-text', 'yaml'],
    ['authored-yaml'],
    ['first-document'],
    ['change-pack', 'event', 'export', 'history', 'mirror', 'polling', 'site'],
    ['policy', 'shape', 'webhook'],
    ['formats']
  ],
  store: [
    ['packed', 'progress', 'turns'],
    ['commit-outcome', 'engine', 'feed-store', 'subscription-store'],
    ['site-store'],
    ['store'],
    ['history'],
    ['log'],
    ['key', 'key-file', 'polling', 'site', 'webhook'],
    ['sealing', 'sql-subscription-store'],
    ['sql-store'],
    ['integrity', 'open-engine'],
    ['backup', 'copy'],
    ['open']
  ],
  catalogue: [
    ['cache', 'freshness', 'log-counters', 'outage'],
    ['clock-drift', 'heads'],
    ['catalogues'],
    ['frozen-heads', 'key-changes', 'keys', 'narrowed', 'read', 'stamp'],
    ['event', 'export', 'history', 'lookup', 'mirror', 'shape', 'webhook'],
    ['change-pack', 'publishing', 'site'],
    ['polling']
  ],
  http: [
    ['schema'],
    ['request'],
    ['limit'],
    ['answer'],
    [
      'change-pack',
      'event',
      'export',
      'forward',
      'history',
      'key',
      'mirror',
      'monitoring',
      'openapi',
      'polling',
      'read',
      'shape',
      'webhook'
    ],
    ['lookup', 'publishing'],
    ['site'],
    ['routes']
  ],
  graphql: [
    ['reading', 'sdl'],
    ['schema-types', 'subgraph-sdl'],
    ['resolvers', 'scalars'],
    ['fields', 'operation'],
    ['protocol', 'schema'],
    ['mercurius']
  ],
  pages: [
    ['asset'],
    ['template'],
    ['frame'],
    ['diff', 'exports', 'help', 'list', 'paper', 'sign-in', 'subscription', 'timeline', 'todo'],
    ['lookup', 'publishing'],
    ['problem'],
    ['routes']
  ],
  cli: [['completion', 'shell'], ['backend'], ['pull-request'], ['commands'], ['run']],
  config: [
    ['reader'],
    ['network-reader', 'packaged-path', 'service-reader'],
    ['options'],
    ['client-options'],
    ['known-variables'],
    ['config']
  ]
}

/** A page is answered as a read of REST is, and no route of REST is known to it. */
const roomsForPages: readonly string[] = ['schema', 'request', 'answer']

/** Of the store, all but those who open it see only its interface. */
const storeInterface = 'store/store.ts'
const storeOpeners = ['main', 'cli', 'open-catalogues', 'store']

/** What a layer may take from outside, where that is restricted. */
const packages: Readonly<Record<string, readonly string[]>> = {
  domain: [
    // Readers of tables, which only their adapters load.
    'csv-parse/sync',
    'fflate',
    'markdown-it',
    'read-excel-file/universal',
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
  render: ['diff', 'fast-xml-builder', 'fflate', 'markdown-it', 'nanotar', 'node:crypto', 'yaml'],
  catalogue: ['lru-cache', 'node:path', 'node:fs/promises'],
  work: ['piscina', 'node:events', 'node:module', 'node:worker_threads']
}

interface Import {
  readonly file: string
  readonly target: string
}

// Imports of types count too: a type is knowledge of a room as much as a function is.
const statement = /^(?:import|export)\b[^'\n]*(?:\n[^'\n]*)*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending))
}

function imports(): readonly Import[] {
  return filesIn(source, '.ts').flatMap((file) => {
    const text = readFileSync(join(source, file), 'utf8')
    return [...text.matchAll(statement)].map(([, from, bare, dynamic]) => ({
      file,
      target: from ?? bare ?? dynamic ?? ''
    }))
  })
}

function layerOf(file: string): string {
  return (file.split('/')[0] ?? '').replace(/\.ts$/, '')
}

function roomOf(file: string): string {
  return (file.split('/')[1] ?? '').replace(/\.ts$/, '')
}

function floorOf(layer: string, room: string): number {
  return (floors[layer] ?? []).findIndex((rooms) => rooms.includes(room))
}

function violation({ file, target }: Import): string | undefined {
  const layer = layerOf(file)
  if (!target.startsWith('.')) {
    const allowed = packages[layer]
    return allowed && !allowed.includes(target) ? `${file} imports the package ${target}` : undefined
  }
  const path = normalize(join(dirname(file), target))
  const to = layerOf(path)
  if (to !== layer && !arrows[layer]?.includes(to)) return `${file} looks into ${path}`
  if (layer === 'pages' && to === 'http' && !roomsForPages.includes(roomOf(path)))
    return `${file} looks into ${path}: pages may use ${roomsForPages.join(', ')}`
  if (to === 'store' && path !== storeInterface && !storeOpeners.includes(layer))
    return `${file} names the engine behind ${storeInterface}: ${path}`
  if (to !== layer || !floors[layer] || !file.includes('/')) return undefined
  const [own, other] = [roomOf(file), roomOf(path)]
  if (own !== other && floorOf(layer, other) >= floorOf(layer, own))
    return `${file} looks up, or across, into ${path}: ${own} stands on no higher floor of ${layer} than ${other}`
  return undefined
}

t.test('arrows point one way, between layers and between the rooms inside each', async (t) => {
  t.strictSame(
    imports()
      .map(violation)
      .filter((found) => found !== undefined),
    []
  )
})

t.test('the test sees an arrow that points the wrong way', async (t) => {
  t.match(violation({ file: 'domain/view/view.ts', target: '../../store/store.ts' }), /looks into/)
  t.match(violation({ file: 'http/read/views.ts', target: '../../store/engine/sqlite.ts' }), /names the engine/)
  t.match(violation({ file: 'pages/paper/paper.ts', target: '../../http/read/views.ts' }), /pages may use/)
  t.match(violation({ file: 'domain/view/view.ts', target: 'fastify' }), /imports the package/)
  t.match(violation({ file: 'domain/view/view.ts', target: '../event/event.ts' }), /looks up/)
  t.match(violation({ file: 'domain/change/diff.ts', target: '../lookup/lookup.ts' }), /across/)
  t.equal(violation({ file: 'domain/event/event.ts', target: '../view/view.ts' }), undefined)
})

t.test('every room stands on one floor, and every floor is of rooms that exist', async (t) => {
  for (const [layer, rooms] of Object.entries(floors)) {
    const found = readdirSync(join(source, layer))
      .filter((name) => name !== 'README.md')
      .map((name) => name.replace(/\.ts$/, ''))
    t.strictSame([...rooms.flat()].sort(), [...new Set(found)].sort(), layer)
  }
})

t.test('no folder holds more than 20 files of different kinds', async (t) => {
  /** One file for each format, and one snapshot for each format and occasion. */
  const ofOneKind = ['src/render/formats', 'test/render/formats', 'test/render/formats/snapshots', 'src/cli/commands']
  const crowded = ['src', 'test']
    .flatMap((top) => [
      top,
      ...readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((at) => `${top}/${at}`)
    ])
    .filter((at) => !at.includes('node_modules') && !ofOneKind.includes(at) && !/\.\w+$/.test(at))
    .filter((at) => existsSync(join(root, at, '.')) && !/^test\/(clients|conformance)\//.test(at))
    .map((at) => ({
      at,
      files: readdirSync(join(root, at), { withFileTypes: true }).filter((entry) => entry.isFile())
    }))
    .filter(({ files }) => files.filter(({ name }) => name !== 'README.md').length > 20)
    .map(({ at, files }) => `${at}: ${files.length} files`)
  t.strictSame(crowded, [])
})

t.test('no file of the sources is longer than 300 lines', async (t) => {
  const long = filesIn(source, '.ts').filter(
    (file) => !generated.includes(file) && readFileSync(join(source, file), 'utf8').split('\n').length > 301
  )
  t.strictSame(long, [])
})

/** What a module exports by name; what it hands on from another module is that module's. */
function exportsOf(text: string): readonly string[] {
  const named = /^export (?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm
  const taken = /^export const \{([^}]*)\}/gm
  return [
    ...[...text.matchAll(named)].map(([, name = '']) => name),
    ...[...text.matchAll(taken)].flatMap(([, names = '']) => names.split(',').map((name) => name.trim()))
  ].filter((name) => name !== '')
}

t.test('no two modules export one name for different things', async (t) => {
  /** The tables are written once and made twice, for each engine under the same names. */
  const twins = ['store/engine/tables.sqlite.ts', 'store/engine/tables.postgres.ts']
  const homes = new Map<string, string[]>()
  for (const file of filesIn(source, '.ts')) {
    if (twins.includes(file) || generated.includes(file)) continue
    for (const name of exportsOf(readFileSync(join(source, file), 'utf8')))
      homes.set(name, [...(homes.get(name) ?? []), file])
  }
  t.strictSame(
    [...homes].filter(([, files]) => new Set(files).size > 1).map(([name, files]) => `${name}: ${files.join(', ')}`),
    []
  )
})

t.test('no two files of one layer have one base name, so that a noun has one home in it', async (t) => {
  const homes = new Map<string, string[]>()
  for (const file of filesIn(source, '.ts')) {
    const id = `${layerOf(file)} ${basename(file)}`
    homes.set(id, [...(homes.get(id) ?? []), file])
  }
  t.strictSame(
    [...homes.values()].filter((files) => files.length > 1).map((files) => files.join(', ')),
    []
  )
})

t.test('every path of a file that Markdown names exists', async (t) => {
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'openapi/README.md',
    'schema/README.md',
    'test/README.md'
  ]
    .concat(filesIn(join(root, 'docs'), '.md').map((page) => `docs/${page}`))
    .concat(filesIn(source, '.md').map((page) => `src/${page}`))
    .concat(filesIn(join(root, 'examples'), '.md').map((page) => `examples/${page}`))
  const missing = pages
    .filter((page) => existsSync(join(root, page)))
    .flatMap((page) => pathsIn(readFileSync(join(root, page), 'utf8'), dirname(page)).map((path) => `${page}: ${path}`))
  t.strictSame(missing, [])
})

/** The paths of a text that lead to no file: links, and what stands in backticks or in a table of files and ends in `.ts`. */
function pathsIn(text: string, folder: string): readonly string[] {
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path)
  const dead = links.filter((path) => !/^[a-z]+:/.test(path) && !existsSync(join(root, folder, path)))
  const named = [...text.matchAll(/(?<![\w/.-])((?:[\w-]+\/)+[\w.-]+\.ts)\b/g)].map(([, path = '']) => path)
  // A word in capitals stands for a name that the reader chooses.
  const gone = named
    .filter((path) => !/[A-Z]{2}/.test(path))
    .filter((path) => ![root, source, join(root, folder)].some((base) => existsSync(join(base, path))))
  return [...dead, ...gone]
}

t.test('the test sees a path that leads nowhere', async (t) => {
  t.strictSame(pathsIn('see `domain/none.ts`, `domain/errors.ts` and [this](none.md)', '.'), [
    'none.md',
    'domain/none.ts'
  ])
})

t.test('every property takes its number of runs from test/support/scale.ts', async (t) => {
  const own = ['support/scale.ts', 'reliability/r20-model.ts']
  const apart = filesIn(join(root, 'test'), '.ts')
    .filter((file) => !file.includes('node_modules') && !own.includes(file))
    .filter((file) => {
      const text = readFileSync(join(root, 'test', file), 'utf8')
      return /\bfc\.(assert|sample|check)\(/.test(text) && /from 'fast-check'|numRuns: \d/.test(text)
    })
  t.strictSame(apart, [])
})

t.test('only the process itself touches the environment and the exit', async (t) => {
  const files = filesIn(source, '.ts').filter((file) => !['main.ts', 'cli.ts'].includes(file))
  const touching = files.filter((file) => /process\.(env|exit)\b/.test(readFileSync(join(source, file), 'utf8')))
  t.strictSame(touching, [])
})

t.test('time and randomness come into the domain from outside', async (t) => {
  const pure = ['domain', 'render'].flatMap((layer) =>
    filesIn(join(source, layer), '.ts').map((file) => `${layer}/${file}`)
  )
  t.ok(pure.length > 150, 'the rooms are read too')
  const touching = pure.filter((file) =>
    /Date\.now\(|new Date\(\)|Math\.random\(|randomBytes|randomUUID/.test(readFileSync(join(source, file), 'utf8'))
  )
  t.strictSame(touching, [])
})
