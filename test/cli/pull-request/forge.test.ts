import t from 'tap'
import { forgePlaceOf, requireRepository } from '../../../src/cli/pull-request/forge.ts'
import { requestBody } from '../../../src/cli/pull-request/pack-text.ts'

t.test('the URL of a remote says where a repository is', (t) => {
  const place = (host: string, repository: string) => ({ host, repository })
  t.strictSame(forgePlaceOf('https://github.com/net/firewall.git'), place('github.com', 'net/firewall'))
  t.strictSame(
    forgePlaceOf('https://user:secret@git.example:3000/net/firewall'),
    place('git.example:3000', 'net/firewall')
  )
  t.strictSame(forgePlaceOf('git@gitlab.com:net/group/firewall.git'), place('gitlab.com', 'net/group/firewall'))
  t.strictSame(forgePlaceOf('ssh://git@git.example:2222/net/firewall.git'), place('git.example', 'net/firewall'))
  for (const folder of ['/srv/git/firewall.git', '../firewall', 'file:///srv/git/firewall.git'])
    t.equal(forgePlaceOf(folder), undefined, folder)
  t.equal(requireRepository('net/group/firewall'), 'net/group/firewall')
  for (const name of ['firewall', 'net/..', 'net/fire wall', '/net/firewall', 'net/firewall?x=1'])
    t.throws(() => requireRepository(name), { code: 'invalid_parameter' }, name)
  t.end()
})

t.test('a body is never longer than a forge takes, and says what was cut', (t) => {
  const long = requestBody('| a row |\n'.repeat(20_000), ['`a`: csv'])
  t.ok(long.length <= 65_536)
  t.match(
    long,
    /\| a row \|\n\nThe rest is too long for this text: ask for the change pack\.\n\n## Files\n\n- `a`: csv\n$/
  )
  t.equal(requestBody('# One\n', []), '# One\n')
  t.end()
})
