import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../../support/repository.ts'

/** The compiled code of an earlier commit, with the packages that are installed now. */
export interface VersionBefore {
  readonly commit: string
  /** The program that serves. */
  readonly main: string
  /** Makes a store, or opens one of its own schema, and makes a key in it that may do everything. */
  makeKey(databaseUrl: string): Promise<{ readonly authorization: string }>
}

/**
 * Compiles the code from before the newest migration into a folder. `missing` says why it cannot be had here: no history, as in an archive, or
 * one that does not go back so far.
 */
export function makeVersionBefore(folder: string): VersionBefore | { readonly missing: string } {
  const commit = commitBefore()
  if (commit === undefined)
    return { missing: 'the history of git that is here does not reach back to the version before' }
  mkdirSync(folder)
  const archive = execFileSync('git', ['archive', commit, ...parts], { cwd: repository, maxBuffer: 1 << 30 })
  execFileSync('tar', ['x', '-C', folder], { input: archive })
  const modules = join(repository, 'node_modules')
  symlinkSync(modules, join(folder, 'node_modules'))
  // Its types were checked when it was the newest.
  const compiler = join(modules, 'typescript/bin/tsc')
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--noCheck'], { cwd: folder, stdio: 'pipe' })
  cpSync(join(folder, 'src/pages'), join(folder, 'dist/pages'), {
    recursive: true,
    filter: (path) => !path.endsWith('.ts')
  })
  return {
    commit,
    main: join(folder, 'dist/main.js'),
    async makeKey(databaseUrl) {
      const words = ['keys', 'create', '--scope', 'admin', '--json']
      const env = { PATH: process.env.PATH ?? '', PORTOLAN_DATABASE_URL: databaseUrl }
      const text = execFileSync(process.execPath, [join(folder, 'dist/cli.js'), ...words], { cwd: folder, env })
      const { key }: { readonly key: string } = JSON.parse(text.toString())
      return { authorization: `Bearer ${key}` }
    }
  }
}

/** What a service needs of the repository. */
const parts = ['src', 'migrations', 'schema', 'catalogues', 'package.json', 'tsconfig.json', 'tsconfig.build.json']

/** The parent of the commit that brought the newest migration, or the newest commit where that migration is in none yet. */
function commitBefore(): string | undefined {
  const newest = ['sqlite', 'postgres'].map((engine) => {
    const folder = `migrations/${engine}`
    const files = readdirSync(join(repository, folder)).filter((name) => name.endsWith('.sql'))
    return `${folder}/${files.sort().at(-1)}`
  })
  if (git('rev-parse', '--verify', 'HEAD') === undefined) return undefined
  const added = newest.map((file) => git('log', '-1', '--diff-filter=A', '--format=%H', '--', file))
  if (added.includes('')) return git('rev-parse', 'HEAD')
  // Of two engines whose newest migrations are of different commits the later one counts: git tells the newest first.
  const latest = git('log', '-1', '--diff-filter=A', '--format=%H', '--', ...newest)
  const before = latest === undefined ? undefined : git('rev-parse', '--verify', '--quiet', `${latest}^`)
  // In a shallow clone the oldest commit seems to add all files, and has no parent.
  return before === '' ? undefined : before
}

/** What git says, without the end of its line; undefined: it failed, or is not installed. */
function git(...words: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', words, { cwd: repository, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
