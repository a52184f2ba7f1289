import t from 'tap'
import { markRevisions, syncTokenAt } from '../../../src/domain/shape/edition-mark.ts'
import { fc } from '../../support/scale.ts'

const first = Date.parse('2026-03-01T00:00:00Z')
const history = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 3 * 86_400_000 })),
      transitions: fc.array(fc.integer({ min: -5000, max: 5 * 86_400_000 }), { maxLength: 4 }),
      token: fc.option(fc.constantFrom('2026030200', '2026030507', '1772712000', 'abc', '2026990100'), {
        nil: undefined
      })
    }),
    { minLength: 1, maxLength: 20 }
  )
  .map((steps) => {
    let publishedAt = first
    return steps.map(({ gap, transitions, token }, index) => {
      publishedAt += gap
      const at = publishedAt
      return {
        number: index + 1,
        publishedAt: at,
        transitions: [...new Set(transitions.map((ms) => at + ms))].sort((a, b) => a - b),
        ...(token !== undefined && {
          source: { adapter: 'm365', url: 'https://example.com/list', token, digest: 'sha256:' }
        })
      }
    })
  })

t.test('versions and tokens rise strictly, over revisions and over what the clock changes under each', async () => {
  fc.assert(
    fc.property(history, (revisions) => {
      const marked = markRevisions(undefined, revisions)
      const tokens = marked.flatMap(({ mark }, index) => {
        const { transitions, publishedAt } = revisions[index] ?? { transitions: [], publishedAt: 0 }
        const end = revisions[index + 1]?.publishedAt ?? Number.POSITIVE_INFINITY
        const under = transitions.filter((at) => publishedAt < at && at < end)
        return [mark.syncToken, ...under.map((at) => syncTokenAt(mark, transitions, at))]
      })
      const versions = marked.map(({ mark }) => mark.version)
      const rises = (list: readonly number[]) =>
        list.every((each, index) => index === 0 || each > (list[index - 1] ?? 0))
      return rises(tokens) && rises(versions) && versions.every((version) => /^\d{10}$/.test(String(version)))
    })
  )
})

t.test('marks are the same, however many revisions are marked at once', async () => {
  fc.assert(
    fc.property(history, fc.nat(20), (revisions, cut) => {
      const some = markRevisions(undefined, revisions.slice(0, cut))
      const rest = markRevisions(some.at(-1), revisions.slice(cut))
      const marksOf = (list: readonly { readonly mark: object }[]) => JSON.stringify(list.map(({ mark }) => mark))
      return marksOf([...some, ...rest]) === marksOf(markRevisions(undefined, revisions))
    })
  )
})

t.test('a version of the source is taken where it is a day, and only there', async (t) => {
  const source = (token: string) => ({ adapter: 'm365', url: 'https://example.com/list', token, digest: 'sha256:' })
  const versionOf = (token: string) =>
    markRevisions(undefined, [{ number: 1, publishedAt: first, transitions: [], source: source(token) }])[0]?.mark
      .version
  t.equal(versionOf('2026041503'), 2026041503)
  for (const other of ['1772712000', '2026130100', '2026000100', '2026-04-15', '20260415'])
    t.equal(versionOf(other), 2026030100)
})
