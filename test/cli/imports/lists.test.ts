import { writeFileSync } from 'node:fs'
import t from 'tap'
import { portolan, temporary } from '../support/portolan.ts'

/** Imports of one file on one store: its content, the day, and further options. */
function importer(t: Parameters<typeof temporary>[0]) {
  const store = temporary(t, 'portolan.db')
  const file = temporary(t, 'list.txt')
  const url = 'https://example.net/list.txt'
  return {
    store,
    import: (content: string, day: string, ...options: readonly string[]) => {
      writeFileSync(file, content)
      const argv = ['import', 'text', file, '--catalogue', 'feed.list', '--feed-url', url, ...options]
      return portolan(argv, { store, now: `${day}T12:00:00Z` })
    }
  }
}

t.test('a list is imported again and again: what is new holds at once, and what vanishes has an end', async (t) => {
  const { store, ...list } = importer(t)
  t.match(await list.import('185.155.104.1\n185.155.104.2\n', '2026-11-01'), {
    code: 0,
    output: /^Published revision 1 \(2026-11-01\) of feed\.list/
  })
  t.match(await list.import('185.155.104.2\n185.155.104.1 # again\n', '2026-11-02'), {
    output: /^Published revision 2/
  })
  t.match(await list.import('185.155.104.2\n185.155.104.1 # again\n', '2026-11-03'), { code: 0, output: /^Unchanged/ })
  t.match(
    await list.import(
      '185.155.104.2\n',
      '2026-11-03',
      '--override',
      'mass_removal',
      '--reason',
      'The old site closes.'
    ),
    {
      code: 0,
      output: /^Published revision 3/
    }
  )
  const { output } = await portolan(['document', 'feed.list'], { store })
  t.match(output, /value: 185\.155\.104\.1\n\s+until: "2026-11-10T12:00:00Z"/)
  t.match(output, /announces: false/)
  t.match(output, /summary: 1 value no longer listed\./)
  t.match(output, /adapter: text\n\s+url: https:\/\/example\.net\/list\.txt\n\s+digest: sha256:/)
})

t.test('without lingering, what vanishes is gone at once', async (t) => {
  const { store, ...list } = importer(t)
  const one = Array.from({ length: 20 }, (_, index) => `185.155.104.${index + 1}\n`)
  await list.import(one.join(''), '2026-11-01')
  t.match(await list.import(one.slice(1).join(''), '2026-11-02', '--linger', 'P0D'), { code: 0 })
  const { output } = await portolan(['document', 'feed.list'], { store })
  t.notMatch(output, /value: 185\.155\.104\.1\n/)
})

t.test('--json tells what was taken of a list, and --dry-run writes nothing', async (t) => {
  const { store, ...list } = importer(t)
  const { code, output } = await list.import('185.155.104.1\n185.155.104.1\n', '2026-11-01', '--dry-run', '--json')
  t.equal(code, 0)
  t.match(JSON.parse(output), {
    import: { requirements: 1, accepted: 1, joined: ['1 values stand more than once'], refused: [] }
  })
  t.match(await portolan(['revisions', 'feed.list'], { store }), { code: 3 })
})

t.test('a field that a list does not have is wrong usage, and so is what is no duration', async (t) => {
  const list = importer(t)
  t.match(await list.import('185.155.104.1', '2026-11-01', '--select', 'region=eu-*'), {
    code: 2,
    error: /text has no fields to select by/
  })
  t.match(await list.import('185.155.104.1', '2026-11-01', '--select', 'region'), {
    code: 2,
    error: /a field and a value/
  })
  t.match(await list.import('185.155.104.1', '2026-11-01', '--linger', 'a week'), { code: 2, error: /such as P7D/ })
  t.match(await list.import('185.155.104.1', '2026-11-01', '--feed-url', 'here'), { code: 2, error: /must be a URL/ })
})
