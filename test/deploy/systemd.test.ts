import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folder, missing } from '../render/formats/support/tool.ts'
import { repository } from '../support/repository.ts'

const unit = readFileSync(join(repository, 'deploy/systemd/portolan.service'), 'utf8')

t.test(
  'systemd takes the unit as it is, and sees a setting that there is not',
  { skip: missing('systemd-analyze') },
  async (t) => {
    const cwd = folder(t)
    const judge = (text: string) => {
      const file = join(cwd, 'portolan.service')
      // The program is where the test has one.
      writeFileSync(file, text.replace('/usr/local/bin/portolan', '/bin/true'))
      return spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' }).stderr
    }
    const ours = (said: string) => said.split('\n').filter((line) => line.includes('portolan.service'))
    t.strictSame(ours(judge(unit)), [])
    t.match(
      ours(judge(unit.replace('ProtectSystem', 'ProtectSytem'))).join('\n'),
      /Unknown key (?:name )?'ProtectSytem'/
    )
  }
)

t.test('the unit has no user, writes into its own folder alone, and keeps what V8 needs', async (t) => {
  for (const line of [
    'DynamicUser=yes',
    'ProtectSystem=strict',
    'StateDirectory=portolan',
    'CapabilityBoundingSet=',
    'NoNewPrivileges=yes'
  ])
    t.match(unit, new RegExp(`^${line}$`, 'm'), line)
  t.notMatch(unit, /^MemoryDenyWriteExecute=yes/m)
})
