import t from 'tap'
import { clearswift, lastSecond, mirrors, portolan, retirement, seeded } from './support/portolan.ts'

t.test('reading the model case', async (t) => {
  const store = await seeded(t)
  const read = async (...argv: string[]) => {
    const { code, output, error } = await portolan(argv, { store })
    t.equal(error, '')
    t.equal(code, 0)
    return output
  }

  t.test('list', async (t) => {
    const [, line] = (await read('list', '--effective-at', lastSecond)).split('\n')
    t.match(line, /^clearswift-exchange-gateway-4\.8 +2 +2\.3 +2018-10-01T00:00:00Z +2018-11-22T00:00:00Z +Clearswift/)
    t.match(await read('list', '--as-of', '2018-09-15T00:00:00Z'), / 1 +pre-2\.3 /)
    t.equal(await read('list', '--as-of', '2018-08-01T00:00:00Z'), 'There is no catalogue.\n')
  })

  t.test('the old mirrors hold up to the last second, and no longer', async (t) => {
    const [last, first] = [
      await read('show', clearswift, '--effective-at', lastSecond),
      await read('show', clearswift, '--effective-at', retirement)
    ]
    for (const mirror of mirrors) {
      t.match(last, new RegExp(`^ +retiring +address +${mirror} .*until ${retirement}`, 'm'))
      t.notMatch(first, new RegExp(`address +${mirror} `))
    }
    t.match(last, /holds +from 2018-10-01T00:00:00Z until 2018-11-22T00:00:00Z\n/)
    t.match(first, /holds +from 2018-11-22T00:00:00Z on\n/)
  })

  t.test('what was known before issue 2.3 is still readable', async (t) => {
    const known = await read('show', clearswift, '--as-of', '2018-09-15T00:00:00Z', '--effective-at', retirement)
    t.match(known, /^ +active +address +184\.72\.245\.1$/m)
    t.match(known, /revision +1 \(pre-2\.3\)/)
    t.match(known, /holds +at all times\n/)
    t.notMatch(known, /185\.155\.104\.24/)
  })

  t.test('requirements, filtered', async (t) => {
    const keys = async (...filters: string[]) =>
      (await read('requirements', clearswift, ...filters))
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(' ')[0])
    t.equal((await keys()).length, 20)
    t.strictSame(await keys('--tag', 'antivirus', '--port', '443'), ['kaspersky-ksn-lookup'])
    t.strictSame(await keys('--status', 'retiring', '--effective-at', lastSecond), [
      'kaspersky-av-updates',
      'sophos-av-updates'
    ])
    t.strictSame(await keys('--requirement', 'dns', '--requirement', 'syslog'), ['dns', 'syslog'])
    t.equal(await read('requirements', clearswift, '--owner', 'nobody'), 'No requirement matches.\n')
  })

  t.test('document', async (t) => {
    t.match(await read('document', clearswift), /^id: clearswift-exchange-gateway-4\.8\n/)
    t.equal(await read('document', clearswift), await read('document', clearswift, '--yaml', '--as-of', 'label:2.3'))
    t.equal(JSON.parse(await read('document', clearswift, '--json', '--as-of', '1')).edition.label, 'pre-2.3')
  })

  t.test('revisions, newest first', async (t) => {
    const [, second, first] = (await read('revisions', clearswift)).split('\n')
    t.match(second, /^2 +2\.3 +2018-10-01T00:00:00Z +8 +0 +12 /)
    t.match(first, /^1 +pre-2\.3 +2018-09-01T00:00:00Z +69 +0 +0 /)
  })

  t.test('diff of two revisions', async (t) => {
    const text = await read('diff', clearswift)
    t.match(
      text,
      /^revision 1 \(pre-2\.3\) → revision 2 \(2\.3\): 8 added, 0 removed, 12 changed\n~ {2}edition pre-2\.3 → 2\.3\n/
    )
    t.match(text, /^\+ {2}kaspersky-av-updates +address 185\.155\.104\.24 +opens +from 2018-10-01T00:00:00Z$/m)
    t.match(
      text,
      /^~ {2}sophos-av-updates +address 184\.72\.245\.1 +announces +until 2018-11-22T00:00:00Z, replacedBy /m
    )
    t.equal(text, await read('diff', clearswift, '1', 'label:2.3'))
    t.match(await read('diff', clearswift, '2', '1'), /no longer until 2018-11-22T00:00:00Z/)
  })

  t.test('change pack between two revisions', async (t) => {
    const text = await read('change-pack', clearswift, '--from', '1', '--to', '2')
    t.match(text, /^# Clearswift SECURE Exchange Gateway 4\.8: from pre-2\.3 to 2\.3\n/)
    t.match(text, '## 3. Close, not before 2018-11-22 00:00, after steps 1 and 2')
    const narrowed = await read('change-pack', clearswift, '--from', '1', '--to', '2', '--scope', 'internal')
    t.match(narrowed, 'There is nothing to open and nothing to close.')
  })

  t.test('diff of two views: the clock alone', async (t) => {
    const clocks = ['--from-effective-at', lastSecond, '--to-effective-at', retirement]
    const text = await read('diff', clearswift, '2', '2', ...clocks)
    t.match(text, /^revision 2 \(2\.3\) at 2018-11-21T23:59:59Z → .*: 0 added, 12 removed, 0 changed\n/)
    t.equal(text.match(/^- {2}.* closes /gm)?.length, 12)
    t.equal(
      await read('diff', clearswift, '2', '2'),
      'revision 2 (2.3) → revision 2 (2.3): 0 added, 0 removed, 0 changed\n'
    )
  })

  t.test('timeline', async (t) => {
    const states = async (...argv: string[]) =>
      (await read('timeline', clearswift, ...argv)).match(/happened|announced/g)
    t.strictSame(await states(), ['happened', 'happened', 'happened'])
    t.strictSame(await states('--effective-at', lastSecond), ['happened', 'happened', 'announced'])
    t.strictSame(await states('--as-of', '1'), ['happened'])
  })

  t.test('lookup', async (t) => {
    const text = await read('lookup', '184.72.245.1', '--effective-at', lastSecond)
    t.match(
      text,
      /^clearswift-exchange-gateway-4\.8 +sophos-av-updates +retiring +address 184\.72\.245\.1 +exact +tcp\/80 http/m
    )
    t.match(await read('lookup', '184.72.245.1', '--effective-at', retirement), / retired /)
    t.match(await read('lookup', 'tcp/514'), /role syslog-server +role +tcp\/514 syslog/)
    t.match(await read('lookup', '192.0.2.1'), /^192\.0\.2\.1 is in no catalogue/)
  })

  t.test('colours say what a line is', async (t) => {
    const { output } = await portolan(['diff', clearswift], { store, isColoured: true })
    t.match(output, '\x1b[32m+\x1b[39m')
    t.match(output, '\x1b[33m~\x1b[39m')
  })
})
