import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder, run } from '../../../render/formats/support/tool.ts'

export interface Checkout {
  readonly work: string
  readonly environment: Readonly<Record<string, string>>
  /** Runs a command of git in the checkout. @returns what it printed, without the last end of a line */
  readonly git: (...options: readonly string[]) => Promise<string>
}

/** A repository with one commit, cloned from a bare one that is its `origin`. */
export async function checkout(t: Parameters<typeof folder>[0]): Promise<Checkout> {
  const root = folder(t, {
    gitconfig:
      '[user]\nname = test\nemail = test@example.net\n[init]\ndefaultBranch = main\n[advice]\ndetachedHead = false\n'
  })
  const environment = { PATH: process.env.PATH ?? '', HOME: root, GIT_CONFIG_GLOBAL: join(root, 'gitconfig') }
  const work = join(root, 'work')
  const ran = async (cwd: string, options: readonly string[]) => {
    const { code, stdout, stderr } = await run('git', options, { cwd, env: environment })
    if (code !== 0) throw new Error(`git ${options.join(' ')}: ${stderr}`)
    return stdout.trimEnd()
  }
  await ran(root, ['init', '-q', '--bare', 'origin.git'])
  await ran(root, ['clone', '-q', 'origin.git', 'work'])
  const git = (...options: readonly string[]) => ran(work, options)
  writeFileSync(join(work, 'README'), 'What the firewall has.\n')
  await git('add', '.')
  await git('commit', '-q', '-m', 'first')
  await git('push', '-q', 'origin', 'main')
  return { work, environment, git }
}
