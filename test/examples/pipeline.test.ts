import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { checkout } from '../cli/pull-request/support/checkout.ts'
import {
  repository as forgeRepository,
  forgeServers,
  startForge,
  token
} from '../cli/pull-request/support/forge-servers.ts'
import { folder, missing, run } from '../render/formats/support/tool.ts'
import { clearswift } from '../support/app.ts'
import { program } from '../support/program.ts'
import { repository } from '../support/repository.ts'
import { startService } from '../support/service.ts'

const script = `${repository}/examples/pipeline/propose.sh`
/** Of the last argument, as `nft -c -f FILE` in a kernel of its own. */
const check = `unshare ${process.getuid?.() === 0 ? '' : '-r '}-n nft -c -f`

t.test(
  'a list that changed is checked and proposed once',
  { skip: missing('unshare', 'nft', 'curl', 'git') },
  async (t) => {
    const service = await startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:' })
    t.teardown(() => service.stop())
    const cwd = folder(t, {
      gitconfig: '[user]\nname = test\nemail = test@example.net\n[init]\ndefaultBranch = main\n'
    })
    // In place of GitHub's own command: it keeps what it was asked for.
    const bin = folder(t, { gh: `#!/bin/sh\nprintf '%s\\n' "$@" >> ${cwd}/asked; cat "$8" >> ${cwd}/asked\n` })
    const shell = (text: string, env: Readonly<Record<string, string>> = {}) =>
      run('bash', ['-euc', `PATH=${bin}:$PATH; ${text}`], {
        cwd,
        env: { GIT_CONFIG_GLOBAL: join(cwd, 'gitconfig'), ...env }
      })
    t.match(
      await shell(`chmod +x ${bin}/gh; git init -q --bare origin.git; git clone -q origin.git work 2>/dev/null
      cd work; git commit -q --allow-empty -m first; git push -q origin main`),
      { code: 0 }
    )
    const propose = (query: string, environment: Readonly<Record<string, string>> = {}) =>
      shell(`cd work; git checkout -q main; git pull -q origin main; ${script}`, {
        PORTOLAN_URL: service.address,
        PORTOLAN_CATALOGUE: clearswift,
        PORTOLAN_EXPORT: `nftables?effectiveAt=${query}`,
        PORTOLAN_CHECK: check,
        ...environment
      })
    const asked = () => readFileSync(join(cwd, 'asked'), 'utf8')

    t.match(await propose('2018-11-21T00:00:00Z&asOf=1', { PORTOLAN_CHECK: 'false' }), {
      code: 1,
      stderr: /does not pass/
    })
    t.match(await shell('git -C origin.git branch --list'), { stdout: '* main\n' }, 'nothing was pushed')
    t.match(await propose('never'), { code: 1, stderr: /no list: .*invalid_instant/ })

    const before = '2018-11-21T00:00:00Z&asOf=1'
    t.match(await propose(before), { code: 0, stdout: /^portolan\/\w{12} is proposed: .*: the first list\n$/ })
    t.match(asked(), /^pr\ncreate\n--head\nportolan\/\w{12}\n--title\n/)
    t.match(await propose(before), { code: 0, stdout: /^portolan\/\w{12} is proposed already\n$/ })
    t.match(
      await shell(`cd work; git checkout -q main; git merge -q "$(git branch --list 'portolan/*' --format '%(refname)')"
      git push -q origin main`),
      { code: 0 }
    )
    t.match(await propose(before), { code: 0, stdout: 'nothing has changed\n' })

    t.match(await propose('2018-11-22T00:00:00Z'), { code: 0, stdout: /is proposed: .*from pre-2\.3/, stderr: '' })
    t.match(asked(), /\n--body-file\n[\s\S]*\| outbound \| 70\.33\.161\.213 \| tcp\/80 \|/, 'its text says what to do')
    const list = await shell('cd work; git show --stat --format=%s HEAD')
    t.match(list.stdout, /portolan\.nft +\|[\s\S]*portolan\.nft\.etag +\|/)
  }
)

t.test('the job runs the script with what it reads', (t) => {
  const job = parse(readFileSync(`${repository}/examples/pipeline/portolan.yml`, 'utf8')).jobs.propose
  const { run: command, env } = job.steps.at(-1)
  t.equal(command, './propose.sh')
  const text = readFileSync(script, 'utf8')
  for (const name of Object.keys(env).filter((each) => each.startsWith('PORTOLAN_'))) t.match(text, `\${${name}:`)
  t.end()
})

t.test('the job for steps proposes what is due', { skip: missing('git', 'bash') }, async (t) => {
  const job = parse(readFileSync(`${repository}/examples/pipeline/steps.yml`, 'utf8')).jobs.propose
  const { run: text, env } = job.steps.at(-1)
  const service = await startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:' })
  t.teardown(() => service.stop())
  const { work, environment, git } = await checkout(t)
  const { api, requests } = await startForge(t, forgeServers.github)
  // In place of the registry, and of the forge that the URL of the remote names.
  const where = `--forge github --api ${api} --repository ${forgeRepository}`
  const cli = program('cli').map((part) => `'${part}'`)
  const npx = `npx() { shift 2; '${process.execPath}' ${cli.join(' ')} "$@" ${where}; }`
  const propose = (name: string) =>
    run('bash', ['-euc', `${npx}\n${text}`], {
      cwd: work,
      env: { ...environment, CATALOGUE: env.CATALOGUE, DONE: '1', PORTOLAN_URL: service.address, [name]: token }
    })
  t.strictSame(Object.keys(env), ['PORTOLAN_URL', 'PORTOLAN_KEY', 'CATALOGUE', 'DONE', 'GITHUB_TOKEN'])
  t.match(await propose('GITHUB_TOKEN'), { code: 0, stdout: /: 2 commits on main\nopened: .*\/1\n$/ })
  await git('switch', '-q', 'main')
  t.match(await propose('GITHUB_TOKEN'), { code: 0, stdout: /\nchanged: .*\/1\n$/ })
  t.equal(requests.length, 1)
})
