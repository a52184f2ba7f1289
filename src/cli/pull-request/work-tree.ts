import { execFile } from 'node:child_process'
import { lstat, mkdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { promisify } from 'node:util'
import { PortolanError } from '../../domain/errors.ts'
import { packTrailer } from './pack-text.ts'

const execute = promisify(execFile)

export interface Commit {
  readonly message: string
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** A checkout of somebody's repository. Nothing that others did there is overwritten. */
export class WorkTree {
  readonly root: string
  private readonly environment: NodeJS.ProcessEnv
  /** What both dates of commits say: those of the commit before, so that a retry makes the same commits. */
  private date = ''

  private constructor(root: string, environment: NodeJS.ProcessEnv) {
    this.root = root
    this.environment = environment
  }

  /** @throws PortolanError `invalid_parameter` where the folder is in no work tree */
  static async open(folder: string, environment: NodeJS.ProcessEnv): Promise<WorkTree> {
    const { root } = await new WorkTree(folder, environment).inside()
    return new WorkTree(root, environment)
  }

  /** @throws PortolanError `invalid_parameter` where no branch is checked out */
  async currentBranch(): Promise<string> {
    const branch = await this.asked(['symbolic-ref', '--quiet', '--short', 'HEAD'])
    if (branch === undefined)
      throw new PortolanError('invalid_parameter', 'No branch is checked out: name the one to start from by --base.')
    return branch
  }

  /** The commit of a branch: that of this repository, else the one that was fetched from the remote. */
  async startOf(base: string, remote: string): Promise<string> {
    for (const ref of [`refs/heads/${base}`, `refs/remotes/${remote}/${base}`]) {
      const found = await this.asked(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])
      if (found !== undefined) return found
    }
    throw new PortolanError('invalid_parameter', `There is no branch ${base}, neither here nor fetched from ${remote}.`)
  }

  /** @throws PortolanError `conflict` where a file has changes that are in no commit */
  async requireClean(paths: readonly string[]): Promise<void> {
    const changed = `${await this.git(['status', '--porcelain', '--untracked-files=no'])}${await this.git(['status', '--porcelain', '--', ...paths])}`
    if (changed !== '')
      throw new PortolanError(
        'conflict',
        'The work tree has changes that are in no commit: commit or stash them first.'
      )
  }

  /**
   * Makes a branch anew from a commit and checks it out.
   * @throws PortolanError `conflict` where the branch, here or at the remote, holds commits of somebody else
   */
  async startBranch(branch: string, start: string): Promise<void> {
    const ref = `refs/heads/${branch}`
    if ((await this.asked(['rev-parse', '--verify', '--quiet', ref])) !== undefined) await this.requireOurs(ref, start)
    await this.git(['switch', '--quiet', '--force-create', branch, start])
    this.date = (await this.git(['log', '-1', '--format=%cI', start])).trimEnd()
  }

  /** Whether all of the files are as they would be written. */
  async holds(files: ReadonlyMap<string, Uint8Array>): Promise<boolean> {
    for (const [path, bytes] of files) {
      const there = await readFile(join(this.root, path)).catch(() => undefined)
      if (!there?.equals(bytes)) return false
    }
    return true
  }

  /** Writes the files and commits them. @returns whether anything differs from the commit before */
  async commit({ message, files }: Commit): Promise<boolean> {
    for (const [path, bytes] of files) await this.write(path, bytes)
    await this.git(['add', '--', ...files.keys()])
    if ((await this.asked(['diff', '--cached', '--quiet'])) !== undefined) return false
    const dates = { GIT_AUTHOR_DATE: this.date, GIT_COMMITTER_DATE: this.date }
    await this.git(['commit', '--quiet', '--message', message], dates)
    return true
  }

  /** Where a remote is, as the repository says. */
  async urlOf(remote: string): Promise<string> {
    const url = await this.asked(['remote', 'get-url', remote])
    if (url === undefined) throw new PortolanError('invalid_parameter', `The repository has no remote ${remote}.`)
    return url
  }

  /**
   * Pushes a branch; only commits of ours are replaced, and nothing that somebody pushes meanwhile.
   * @throws PortolanError `conflict`
   */
  async push(branch: string, remote: string, start: string): Promise<void> {
    const listed = await this.git(['ls-remote', '--heads', remote, `refs/heads/${branch}`])
    const there = /^[0-9a-f]+/.exec(listed)?.[0] ?? ''
    if (there !== '') {
      await this.git(['fetch', '--quiet', remote, `refs/heads/${branch}`])
      await this.requireOurs('FETCH_HEAD', start)
    }
    await this.git(['push', '--quiet', `--force-with-lease=${branch}:${there}`, remote, `HEAD:refs/heads/${branch}`])
  }

  private async inside(): Promise<{ readonly root: string }> {
    const root = await this.asked(['rev-parse', '--show-toplevel'])
    if (root === undefined) throw new PortolanError('invalid_parameter', `${this.root} is in no work tree of git.`)
    return { root: await realpath(root) }
  }

  /** Every commit of a branch that its base lacks must bear our trailer. */
  private async requireOurs(ref: string, start: string): Promise<void> {
    const format = `%H %(trailers:key=${packTrailer},valueonly,separator=%x2C)`
    const lines = (await this.git(['log', `--format=${format}`, `${start}..${ref}`])).split('\n').filter(Boolean)
    const other = lines.map((line) => line.split(' ')).find(([, pack = '']) => pack === '')
    if (other)
      throw new PortolanError(
        'conflict',
        `${ref === 'FETCH_HEAD' ? 'The branch at the remote' : ref.replace('refs/heads/', '')} holds commit ${other[0]?.slice(0, 12)}, which this command did not make: nothing is overwritten. Merge or remove that branch.`
      )
  }

  private async write(path: string, bytes: Uint8Array): Promise<void> {
    const file = join(this.root, path)
    await mkdir(dirname(file), { recursive: true })
    const folder = await realpath(dirname(file))
    const isLink = (await lstat(file).catch(() => undefined))?.isSymbolicLink() === true
    if (isLink || !`${folder}${sep}`.startsWith(`${this.root}${sep}`))
      throw new PortolanError('invalid_parameter', `${path} leads out of the work tree by a symbolic link.`)
    await writeFile(file, bytes)
  }

  /** What git prints, without the end of the line; undefined where it says no. */
  private async asked(options: readonly string[]): Promise<string | undefined> {
    try {
      return (await this.run(options)).trimEnd()
    } catch (error) {
      if (error instanceof Error && 'code' in error && typeof error.code === 'number') return undefined
      throw this.failure(options, error)
    }
  }

  private async git(options: readonly string[], dates: NodeJS.ProcessEnv = {}): Promise<string> {
    try {
      return await this.run(options, dates)
    } catch (error) {
      throw this.failure(options, error)
    }
  }

  private async run(options: readonly string[], dates: NodeJS.ProcessEnv = {}): Promise<string> {
    const env = { ...this.environment, ...dates, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' }
    const { stdout } = await execute('git', ['-C', this.root, ...options], { env, maxBuffer: 64 * 1024 * 1024 })
    return stdout
  }

  /** What git says may quote the URL of a remote: a name and a password in it are left out. */
  private failure([command]: readonly string[], error: unknown): PortolanError {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    const why = said === '' ? (error instanceof Error ? error.message : String(error)) : said
    return new PortolanError('conflict', `git ${command}: ${why.replace(/\/\/[^\s/@]*@/g, '//…@')}`)
  }
}
