import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { missing } from '../../render/formats/support/tool.ts'
import { clearswift, mirrors, portolan, seeded } from '../support/portolan.ts'
import { checkout } from './support/checkout.ts'
import { forgeServers, repository, startForge, token } from './support/forge-servers.ts'

const pack = '0ed62aecc0b09f10'
const branch = `portolan/${pack}`
const list = 'lists/out-tcp-80.txt=plain-ip?slice=out-tcp-80'
const span = ['--from', '1', '--to', '2']

t.test('pull requests', { skip: missing('git') }, async (t) => {
  const store = await seeded(t)
  const started = async (t: Parameters<typeof checkout>[0]) => {
    const { work, environment, git } = await checkout(t)
    const propose = (options: readonly string[], more: Readonly<Record<string, string>> = {}) =>
      portolan(['pull-request', clearswift, '--work-tree', work, ...options], {
        store,
        environment: { ...environment, ...more }
      })
    return { work, git, propose }
  }

  t.test('each step is a commit with what the firewall has after it', async (t) => {
    const { git, propose } = await started(t)
    const ran = await propose([...span, '--write', 'portolan.nft=nftables', '--write', list])
    t.strictSame(ran, {
      code: 0,
      output: `2018-10-01T00:00:00Z  Open 4 values for ${clearswift} from 2018-10-01T00:00:00Z
2018-11-22T00:00:00Z  Close 6 values for ${clearswift} from 2018-11-22T00:00:00Z
${branch}: 2 commits on main
`,
      error: ''
    })
    t.equal(
      await git('log', '--format=%s', 'main..HEAD', '--reverse'),
      ran.output
        .split('\n')
        .slice(0, 2)
        .map((line) => line.slice(22))
        .join('\n')
    )
    t.equal(
      await git('log', '-1', '--format=%b'),
      `Step 3: close not before 2018-11-22T00:00:00Z, after steps 1, 2.

Change-Pack: ${pack}
Revision: ${clearswift} 2
Steps: 3
`.trimEnd()
    )
    t.match(
      await git('log', '-1', '--format=%b', 'HEAD~1'),
      'Step 1: open not before 2018-10-01T00:00:00Z, by 2018-11-22T00:00:00Z.'
    )
    for (const [commit, instant] of [
      ['HEAD~1', '2018-10-01T00:00:00Z'],
      ['HEAD', '2018-11-22T00:00:00Z']
    ] as const) {
      const clocks = ['--as-of', '2', '--effective-at', instant]
      const exported = await portolan(['export', clearswift, 'plain-ip', '--slice', 'out-tcp-80', ...clocks], { store })
      t.equal(await git('show', `${commit}:lists/out-tcp-80.txt`), exported.output.trimEnd(), instant)
    }
    const held = async (commit: string) =>
      (await git('show', `${commit}:lists/out-tcp-80.txt`)).split('\n').filter((line) => mirrors.includes(line)).length
    t.equal(await held('HEAD~1'), 6, 'what closes on the 22nd is still open after the first step')
    t.equal(await held('HEAD'), 0)
    t.equal(await git('status', '--porcelain'), '')

    const commit = await git('rev-parse', 'HEAD')
    await git('switch', '-q', 'main')
    t.match(await propose([...span, '--write', 'portolan.nft=nftables', '--write', list]), { code: 0 })
    t.equal(await git('rev-parse', 'HEAD'), commit, 'a retry makes the same commits')
  })

  t.test('what is due later is proposed when it is due', async (t) => {
    const { git, propose } = await started(t)
    const due = (until: string) => propose([...span, '--base', 'main', '--write', list, '--until', until])
    t.match(await due('2018-10-01T00:00:00Z'), { code: 0, output: /: 1 commit on main\n$/ })
    await git('switch', '-q', 'main')
    await git('merge', '-q', branch)
    t.match(await due('2018-11-21T23:59:59Z'), {
      code: 0,
      output: 'main has everything already.\n'
    })
    t.match(await due('2018-11-22T00:00:00Z'), {
      code: 0,
      output: /^2018-11-22T00:00:00Z {2}Close 6 .*\n.*: 1 commit on main\n$/
    })
    await git('switch', '-q', 'main')
    await git('merge', '-q', branch)
    t.match(
      await due('2019-01-01T00:00:00Z'),
      { code: 0, output: 'main has everything already.\n' },
      'the steps before are not taken back and done again'
    )
  })

  for (const [name, server] of Object.entries(forgeServers))
    t.test(`a request is opened at ${name}, and a retry changes it`, async (t) => {
      const { work, git, propose } = await started(t)
      const { api, requests, log } = await startForge(t, server)
      const variable = `${name.toUpperCase()}_TOKEN`
      const push = async (...options: readonly string[]) => {
        await git('switch', '-q', 'main')
        const where = ['--forge', name, '--api', api, '--repository', repository]
        const ran = await propose([...span, '--write', list, '--push', ...where, ...options], { [variable]: token })
        t.notMatch(ran.output + ran.error, token)
        return ran
      }
      // Other requests are no concern of ours.
      requests.push({ number: 1, title: 'other', body: 'other', head: 'other', base: 'main', state: 'open' })

      const first = await push()
      t.match(first, { code: 0, output: /\nopened: https:\/\/.*\/2\n$/, error: '' })
      t.match(requests[1], {
        number: 2,
        head: branch,
        base: 'main',
        title: `${clearswift}: open 4 addresses from 2018-10-01; close 6 from 2018-11-22`,
        body: /^# Clearswift SECURE Exchange Gateway 4\.8: from pre-2\.3 to 2\.3[\s\S]*\n## Files\n\n- `lists\/out-tcp-80\.txt`: plain-ip, entries=\d+, omitted=\d+, widened=0\n$/
      })
      const pushed = await git('ls-remote', 'origin', `refs/heads/${branch}`)
      t.equal(pushed.split('\t')[0], await git('rev-parse', branch))

      if (requests[1]) requests[1].title = 'changed by hand'
      t.match(await push(), { code: 0, output: /\nchanged: https:\/\/.*\/2\n$/ })
      t.equal(requests.length, 2)
      t.match(requests[1]?.title, /^clearswift/)
      t.equal(await git('ls-remote', 'origin', `refs/heads/${branch}`), pushed, 'nothing else was pushed')

      await git('commit', '-q', '--allow-empty', '-m', 'by a person')
      await git('push', '-q', 'origin', `HEAD:${branch}`)
      await git('reset', '-q', '--hard', 'origin/main')
      t.match(await push(), {
        code: 1,
        error: /The branch at the remote holds commit \w{12}, which this command did not make/
      })
      await git('push', '-q', '--force', 'origin', `${branch}:${branch}`)

      if (requests[1]) requests[1].state = 'closed'
      const before = log.length
      t.match(await push(), {
        code: 0,
        output: /^https:.*\/2 was closed without being merged: nothing is proposed again\.\n$/
      })
      t.ok(log.slice(before).every((line) => line.startsWith('GET ')))
      if (requests[1]) requests[1].state = 'merged'
      t.match(
        await push(),
        { code: 0, output: /\nopened: https:\/\/.*\/3\n$/ },
        'what is due later has a request of its own'
      )

      writeFileSync(join(work, '..', 'token'), `${token}\n`)
      t.match(await push('--token-file', join(work, '..', 'token')), { code: 0, output: /\nchanged: .*\/3\n$/ })
      const wrong = await push('--token-variable', 'PATH')
      t.match(wrong, { code: 1, error: /answers 400/ }, 'the checker refuses another token')
    })

  t.test('what is wrong is said before anything is written', async (t) => {
    const { work, git, propose } = await started(t)
    const refused = async (options: readonly string[], expected: object) => {
      t.match(await propose([...span, ...options]), { ...expected, output: '' })
      t.equal(await git('branch', '--list', '--format=%(refname:short)'), 'main')
    }
    const file = ['--write', list]
    for (const path of [
      '../out.txt',
      '/tmp/out.txt',
      '.git/hooks/pre-commit',
      'a/../../out.txt',
      'folder/',
      '.GIT/config'
    ])
      await refused(['--write', `${path}=plain-ip?slice=all`], { code: 2, error: /must be the path of a file inside/ })
    await refused(['--write', 'plain-ip'], { code: 2, error: /must be PATH=FORMAT/ })
    await refused(['--write', 'a=plain-ip?slise=all'], { code: 2, error: /slise is none of slice, part/ })
    await refused(['--write', 'a=plain-ip?slice=out-tcp-81'], { code: 1, error: /out-tcp-81/ })
    await refused([...file, '--base', 'release'], { code: 2, error: /There is no branch release/ })
    await refused([...file, '--push'], { code: 2, error: /--forge github\|gitlab\|gitea/ })
    await refused([...file, '--push', '--forge', 'github'], { code: 2, error: /no token in the variable GITHUB_TOKEN/ })
    const api = ['--push', '--forge', 'gitea', '--repository', repository, '--token-variable', 'PATH', '--api']
    await refused([...file, ...api, 'http://git.example.net'], { code: 2, error: /has no TLS/ })
    t.match(
      await portolan(['pull-request', clearswift, ...span, ...file, '--work-tree', '/'], {
        store,
        environment: { PATH: process.env.PATH ?? '' }
      }),
      { code: 2, error: /is in no work tree of git/ }
    )

    writeFileSync(join(work, 'README'), 'changed\n')
    await refused(file, { code: 1, error: /changes that are in no commit/ })
    await git('checkout', '-q', 'README')
    symlinkSync('/tmp', join(work, 'lists'))
    await git('add', '.')
    await git('commit', '-q', '-m', 'link')
    t.match(await propose([...span, ...file]), { code: 2, error: /leads out of the work tree by a symbolic link/ })
  })
})
