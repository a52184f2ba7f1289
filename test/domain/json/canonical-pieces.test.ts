import t from 'tap'
import { canonicalJson, canonicalPieces } from '../../../src/domain/json/canonical-json.ts'
import { fc, runs } from '../../support/scale.ts'

t.test('the pieces of a canonical text are that text', async (t) => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      t.equal([...canonicalPieces(value)].join(''), canonicalJson(value))
    }),
    { numRuns: runs(300) }
  )
  const long = {
    list: Array.from({ length: 5_000 }, (_, index) => ({ b: index, a: { c: [index, {}], d: [] } })),
    none: undefined
  }
  const pieces = [...canonicalPieces(long)]
  t.ok(pieces.length > 5, 'a long one comes in several')
  t.equal(pieces.join(''), canonicalJson(long))
})
