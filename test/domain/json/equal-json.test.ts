import t from 'tap'
import { canonicalJson } from '../../../src/domain/json/canonical-json.ts'
import { equalJson, identicalJson } from '../../../src/domain/json/equal-json.ts'
import { fc, runs } from '../../support/scale.ts'

const name = fc.constantFrom('a', 'b', 'constructor', 'toString', 'valueOf')
const leaf = fc.constantFrom(0, 1, '', 'a', true, false, null)
const { tree, written } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('tree'), { maxLength: 2 }),
    fc.dictionary(name, fc.option(tie('tree'), { nil: undefined }), { maxKeys: 3 })
  ),
  /** Without members that are undefined: what a text can hold. */
  written: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('written'), { maxLength: 2 }),
    fc.dictionary(name, tie('written'), { maxKeys: 3 })
  )
}))

t.test('values are the same exactly where their canonical JSON is', async () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.tuple(tree, tree),
        tree.map((value) => [value, structuredClone(value)] as const)
      ),
      ([a, b]) => equalJson(a, b) === (canonicalJson(a) === canonicalJson(b))
    ),
    { numRuns: runs(2000) }
  )
})

t.test('values are identical exactly where their JSON text is the same', async () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.tuple(written, written),
        written.map((value) => [value, structuredClone(value)] as const)
      ),
      ([a, b]) => identicalJson(a, b) === (JSON.stringify(a) === JSON.stringify(b))
    ),
    { numRuns: runs(2000) }
  )
})

t.test('members in another order are equal and not identical', async (t) => {
  const [one, other] = [
    { a: 1, b: [{ c: 2, d: 3 }] },
    { b: [{ d: 3, c: 2 }], a: 1 }
  ]
  t.ok(equalJson(one, other))
  t.notOk(identicalJson(one, other))
})

t.test('a member named like one that every object inherits is a member', async (t) => {
  t.notOk(equalJson({}, { constructor: '1' }))
  t.notOk(equalJson({ constructor: '1' }, {}))
  t.ok(equalJson({ constructor: '1' }, { constructor: '1' }))
  t.ok(equalJson({ constructor: undefined }, {}), 'an undefined one is none')
})

t.test('lists and objects, empty or not, are different things', async (t) => {
  t.notOk(equalJson([], {}))
  t.notOk(equalJson({}, null))
  t.notOk(equalJson(['a'], ['a', 'b']))
  t.ok(equalJson({ a: undefined }, {}))
})
