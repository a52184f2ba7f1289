import t from 'tap'
import { diff } from '../../../src/domain/change/diff.ts'
import { sharedRows, toRows } from '../../../src/domain/history/rows.ts'
import { stepBetween } from '../../../src/domain/history/step.ts'
import { guardRailFindings } from '../../../src/domain/publishing/guard-rail.ts'
import { fc, runs } from '../../support/scale.ts'
import { arbitraryEdit, arbitraryInstant } from '../document/support/arbitrary-document.ts'

t.test('what is decided of a document does not depend on what it shares with the head', async (t) => {
  fc.assert(
    fc.property(arbitraryEdit, arbitraryInstant, fc.nat({ max: 60 }), ([before, after], at, days) => {
      const [head, next] = [toRows(before), toRows(after)]
      const shared = sharedRows(head, next)
      const decided = (rows: typeof next) =>
        JSON.stringify([
          guardRailFindings(head, rows, { at, days }),
          diff({ rows: head }, { rows }, at),
          diff({ rows: head, effectiveAt: at }, { rows, effectiveAt: at }, at),
          stepBetween(head, rows),
          [...rows.endpoints]
        ])
      t.equal(decided(shared), decided(next))
      for (const [id, rows] of shared.endpoints)
        t.equal(rows === head.endpoints.get(id), JSON.stringify(rows) === JSON.stringify(head.endpoints.get(id)))
    }),
    { numRuns: runs(200) }
  )
})
