import t from 'tap'
import {
  isCataloguePattern,
  isPatternWithin,
  namesCatalogue,
  narrowingOf,
  prefixOf
} from '../../src/domain/narrowing.ts'
import { fc } from '../support/scale.ts'

const word = fc.stringMatching(/^[a-z0-9]{1,3}$/)
/** Ids of few letters, so that one often begins with another. */
const id = fc
  .tuple(fc.constantFrom('a', 'ab', 'feed'), fc.array(fc.tuple(fc.constantFrom('.', '-', '_'), word), { maxLength: 3 }))
  .map(([first, rest]) => first + rest.flat().join(''))
const pattern = fc.oneof(
  id,
  id.map((each) => `${each}.*`)
)
const narrowing = fc.array(pattern, { minLength: 1, maxLength: 4 }).map(narrowingOf)

t.test('an id names itself only, and a pattern what begins with it and a dot', async (t) => {
  fc.assert(fc.property(id, id, (one, other) => namesCatalogue([one], other) === (one === other)))
  fc.assert(fc.property(id, id, (one, other) => namesCatalogue([`${one}.*`], other) === other.startsWith(`${one}.`)))
  fc.assert(fc.property(id, word, (one, rest) => namesCatalogue([`${one}.*`], `${one}.${rest}`)))
  for (const other of ['feed', 'feeds', 'feed-a', 'feed_a', 'feeder.a', 'a.feed.b', 'FEED.a'])
    t.notOk(namesCatalogue(['feed.*'], other), other)
  t.ok(namesCatalogue(undefined, 'any'))
})

t.test('a narrowing names what one of its patterns names', async () => {
  fc.assert(
    fc.property(narrowing, id, (patterns, other) => {
      return namesCatalogue(patterns, other) === patterns.some((each) => namesCatalogue([each], other))
    })
  )
})

t.test('a pattern within a narrowing names nothing beyond it', async () => {
  fc.assert(
    fc.property(narrowing, pattern, id, (patterns, inner, other) => {
      return !isPatternWithin(patterns, inner) || !namesCatalogue([inner], other) || namesCatalogue(patterns, other)
    })
  )
})

t.test('a pattern that is not within one narrowing names an id beyond it', async () => {
  fc.assert(
    fc.property(narrowing, pattern, (patterns, inner) => {
      const prefix = prefixOf(inner)
      // No pattern that is generated has this word.
      const some = prefix === undefined ? inner : `${prefix}zzzz`
      return isPatternWithin(patterns, inner) === namesCatalogue(patterns, some)
    })
  )
})

t.test('every narrowing is within itself, and its order and repetitions say nothing', async () => {
  fc.assert(fc.property(narrowing, (patterns) => patterns.every((each) => isPatternWithin(patterns, each))))
  fc.assert(
    fc.property(narrowing, (patterns) => {
      return narrowingOf([...patterns, ...patterns].reverse()).join() === patterns.join()
    })
  )
})

t.test('a star stands at the end only, after a dot', async (t) => {
  fc.assert(fc.property(pattern, isCataloguePattern))
  for (const text of [
    '*',
    '.*',
    'feed*',
    'feed.*.a',
    '*.feed',
    'feed.**',
    'Feed',
    'feed.',
    '',
    'feed .*',
    'a'.repeat(103)
  ])
    t.notOk(isCataloguePattern(text), text)
})
