import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { portolan, temporary } from '../support/portolan.ts'

/** A folder of the states of a list, and a store to publish them into. */
function historyOf(t: Parameters<typeof temporary>[0], states: Readonly<Record<string, string>>) {
  const store = temporary(t, 'history.db')
  const folder = dirname(temporary(t, 'list.txt'))
  const add = (more: Readonly<Record<string, string>>) => {
    for (const [name, content] of Object.entries(more)) writeFileSync(join(folder, name), content)
  }
  add(states)
  const replay = (...options: readonly string[]) =>
    portolan(['import', 'text', '--catalogue', 'feed.list', '--history', folder, ...options], { store })
  return { store, add, replay }
}

const many = Array.from({ length: 20 }, (_, index) => `185.155.104.${index + 1}\n`)
const states = {
  'list-20250101.txt': many.slice(0, 10).join(''),
  'list-2025-02-01.txt': many.join(''),
  'list-20250301.txt': `# the same\n${many.join('\n')}`,
  'list-20250401.txt': many.slice(1).join('')
}

t.test('a history is one revision for each state that says something new, dated by its source', async (t) => {
  const { store, add, replay } = historyOf(t, states)
  t.match(await replay('--dry-run'), { code: 0, output: /^Would publish 3 revisions of feed\.list: 1 states say/ })
  t.match(await replay(), {
    code: 0,
    output: /^Published 3 revisions of feed\.list: 1 states say what the one before says, 0 are not newer than the head/
  })
  const { output } = await portolan(['revisions', 'feed.list', '--json'], { store })
  t.match(
    JSON.parse(output).items.map(({ publishedAt }: { publishedAt: string }) => publishedAt),
    ['2025-04-01T00:00:00Z', '2025-02-01T00:00:00Z', '2025-01-01T00:00:00Z']
  )
  t.notMatch((await portolan(['document', 'feed.list'], { store })).output, /value: 185\.155\.104\.1\n|until/)

  add({ 'list-20250501.txt': many.slice(2).join('') })
  const again = await replay('--json')
  t.match(JSON.parse(again.output), { published: 1, unchanged: 0, skipped: 4, refused: [], head: '2025-05-01' })
})

t.test('a rail stops a replay, which goes on where it stopped, and is overridden only where it speaks', async (t) => {
  const { store, replay } = historyOf(t, { ...states, 'list-20250310.txt': many.slice(15).join('') })
  const stopped = await replay()
  t.match(stopped, { code: 1, error: /^list-20250310\.txt: refused after 2 revisions, which are published\./ })
  t.match(stopped.error, /--override mass_removal/)
  t.match(await replay('--override', 'mass_removal', '--reason', 'It was so.'), { output: /^Published 2 revisions/ })
  const { output } = await portolan(['revisions', 'feed.list', '--json'], { store })
  t.match(
    JSON.parse(output).items.map(({ overrides }: { overrides: readonly string[] }) => overrides),
    [[], ['mass_removal'], [], []]
  )
})

t.test('files that are no such list are left out and named', async (t) => {
  const page = '<html><head><title>502 Bad Gateway</title></head></html>'
  const { replay } = historyOf(t, { ...states, 'list-20250110.txt': page, 'list.txt': '185.155.104.1' })
  const { code, output, error } = await replay()
  t.equal(code, 1)
  t.match(output, /^Published 3 revisions/)
  t.match(error, /has 2 files that were left out/)
  t.match(error, /list-20250110\.txt: .*502 Bad Gateway/)
  t.match(error, /list\.txt: neither the list nor the name of the file has a date/)
})

t.test('a table has no history, and without a history an import needs a source', async (t) => {
  t.match(await portolan(['import', 'csv', '--catalogue', 'x', '--history', '.']), { code: 2, error: /csv is a table/ })
  t.match(await portolan(['import', 'text', '--catalogue', 'x']), { code: 2, error: /a source is missing/ })
})
