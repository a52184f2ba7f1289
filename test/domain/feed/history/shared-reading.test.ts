import t from 'tap'
import type { Document } from '../../../../src/domain/document/document.ts'
import type { Imported } from '../../../../src/domain/feed/adapter.ts'
import { ReadRequirements } from '../../../../src/domain/feed/history/read-requirements.ts'
import { sharedReading } from '../../../../src/domain/feed/history/shared-reading.ts'
import { fc, runs } from '../../../support/scale.ts'
import { address } from '../../document/support/sample.ts'
import { day, importedList, type List, see } from '../support/lists.ts'

const copy = (list: List): List => JSON.parse(JSON.stringify(list))
const copyOf = (document: Document): Document => JSON.parse(JSON.stringify(document))

const value = fc
  .record({ last: fc.nat({ max: 5 }), remarks: fc.constantFrom(undefined, 'One', 'Other'), isOld: fc.boolean() })
  .map(({ last, remarks, isOld }) =>
    address(`192.0.2.${last}`, { ...(remarks && { remarks }), ...(isOld && { from: '2020-01-01' }) })
  )
const arbitraryLists = fc.array(
  fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.uniqueArray(value, { minLength: 1, maxLength: 4, selector: ({ value: text }) => text })
  ),
  { minLength: 1, maxLength: 6 }
)

t.test('what a history of a list becomes does not depend on what its states share', async (t) => {
  fc.assert(
    fc.property(arbitraryLists, fc.constantFrom(0, 2, 7), (lists, lingerDays) => {
      const known = new ReadRequirements()
      let [last, head, alone]: [Imported | undefined, Document | undefined, Document | undefined] = [
        undefined,
        undefined,
        undefined
      ]
      for (const [index, list] of lists.entries()) {
        const seen = { at: day(index), token: String(index), lingerMs: lingerDays * (day(1) - day(0)) }
        const shared: Imported = sharedReading(last, importedList(copy(list), { token: seen.token }))
        last = shared
        const one = see(list, { ...seen, imported: shared, known, ...(head && { head }) })
        const other = see(list, { ...seen, ...(alone && { head: copyOf(alone) }) })
        t.equal(JSON.stringify(one), JSON.stringify(other))
        if (one.kind === 'changed') head = one.document
        if (other.kind === 'changed') alone = other.document
      }
    }),
    { numRuns: runs(100) }
  )
})

t.test('a state has the objects of the state before where it says the same', async (t) => {
  const first = importedList(copy({ a: ['192.0.2.1', '192.0.2.2'], b: ['192.0.2.3'] }))
  const second = sharedReading(first, importedList(copy({ a: ['192.0.2.2', '192.0.2.4'], b: ['192.0.2.3'] })))
  const endpointsOf = ({ requirements: [a] }: Imported) => Array.from(a?.endpoints as readonly unknown[])
  t.equal(second.requirements[1], first.requirements[1])
  t.equal(endpointsOf(second)[0], endpointsOf(first)[1])
  t.strictSame(second, importedList(copy({ a: ['192.0.2.2', '192.0.2.4'], b: ['192.0.2.3'] })))
})
