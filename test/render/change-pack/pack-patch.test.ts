import { applyPatch } from 'diff'
import t from 'tap'
import { packPatch } from '../../../src/render/change-pack/pack-patch.ts'
import { fc } from '../../support/scale.ts'

const texts = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', '', '\\ No newline', '-- x', '++ y')), fc.boolean())
  .map(([lines, isEnded]) => `${lines.join('\n')}${isEnded && lines.length > 0 ? '\n' : ''}`)

t.test('a patch makes the second text of the first, whatever the two are', (t) => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const patch = packPatch('file', before, after)
      return before === after ? patch === '' : applyPatch(before, patch) === after
    })
  )
  t.end()
})

t.test('two long texts with nothing in common are told as a whole, with and without a last end of a line', (t) => {
  const many = (letter: string) => Array.from({ length: 5000 }, (_, index) => `${letter}${index}`).join('\n')
  for (const [before, after] of [
    [`${many('a')}\n`, `${many('b')}\n`],
    [many('a'), `${many('b')}\n`],
    [`${many('a')}\n`, many('b')]
  ] as const) {
    const patch = packPatch('list.txt', before, after)
    t.match(patch, /^--- a\/list\.txt\n\+\+\+ b\/list\.txt\n@@ -1,5000 \+1,5000 @@\n-a0\n/)
    t.equal(applyPatch(before, patch), after)
  }
  t.end()
})
