import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { graphiqlFiles } from '../src/graphql/protocol/graphiql-files.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const home = join(root, '.build')
/** What no program of the tree reads by a path of its own. */
const apart = ['.git', '.tap', 'data', 'node_modules']

/**
 * Compiles all TypeScript once, unchecked, into `.build`: a tree like that of the repository, in which whatever is not compiled is a link.
 * So a path that a module builds from its own leads to the same file, and what is written there is written to the repository. The tree is
 * always made anew, and takes the place of the old one when it is complete: what still runs from there goes on.
 */
export function compileTree(): void {
  const next = `${home}-${process.pid}`
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  try {
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.test.json', '--outDir', next], { cwd: root, stdio: 'inherit' })
    linkRest(root, next)
    linkGraphiql(join(next, 'src/graphiql'))
    bundle('typebox', join(next, 'node_modules/typebox'))
    if (existsSync(home)) renameSync(home, `${next}-old`)
    renameSync(next, home)
  } finally {
    rmSync(next, { recursive: true, force: true })
    rmSync(`${next}-old`, { recursive: true, force: true })
  }
}

/** A folder of which something was compiled is there already. */
function linkRest(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (apart.includes(entry.name) || source.startsWith(home) || entry.name.endsWith('.ts')) continue
    if (existsSync(target)) linkRest(source, target)
    else symlinkSync(source, target)
  }
}

/** What `bin/build.js` puts beside compiled sources. */
function linkGraphiql(to: string): void {
  mkdirSync(to)
  for (const [name, packaged] of Object.entries(graphiqlFiles))
    symlinkSync(join(root, 'node_modules', packaged), join(to, name))
}

/**
 * A package as few files, with the same entry points. TypeBox is 700 files: to open them is a fifth of what it takes to load the service,
 * and two fifths of what it takes to load a small test, in each of some 170 processes.
 */
function bundle(name: string, to: string): void {
  const text = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')
  const { exports }: { readonly exports: Readonly<Record<string, unknown>> } = JSON.parse(text)
  const files = Object.keys(exports).map((path) => [path, path === '.' ? './index' : path] as const)
  buildSync({
    absWorkingDir: root,
    entryPoints: files.map(([path, file]) => ({ in: join(name, path), out: file })),
    outdir: to,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node'
  })
  const exported = Object.fromEntries(files.map(([path, file]) => [path, `${file}.js`]))
  writeFileSync(join(to, 'package.json'), JSON.stringify({ name, type: 'module', exports: exported }))
}
