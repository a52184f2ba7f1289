import t from 'tap'
import { diff } from '../../../src/domain/change/diff.ts'
import type { Document } from '../../../src/domain/document/document.ts'
import { type Rows, sharedRows, toRows } from '../../../src/domain/history/rows.ts'
import { rowsBetween } from '../../../src/domain/history/rows-between.ts'
import { stepBetween } from '../../../src/domain/history/step.ts'
import { guardRailFindings } from '../../../src/domain/publishing/guard-rail.ts'
import { transitionsOf } from '../../../src/domain/view/lifetime.ts'
import { fc, runs } from '../../support/scale.ts'
import { arbitraryDocument, arbitraryEdit, arbitraryInstant } from '../document/support/arbitrary-document.ts'

const decided = (before: Rows, after: Rows, at: number, days: number) =>
  JSON.stringify([
    guardRailFindings(before, after, { at, days }),
    diff({ rows: before }, { rows: after }, at),
    stepBetween(before, after),
    transitionsOf(after)
  ])

t.test('what is decided of a document does not depend on what it shares with the head', async (t) => {
  fc.assert(
    fc.property(arbitraryEdit, arbitraryInstant, fc.nat({ max: 60 }), ([before, after], at, days) => {
      const [head, next] = [toRows(before), toRows(after)]
      const shared = sharedRows(head, next)
      const asViews = (rows: Rows) =>
        JSON.stringify([diff({ rows: head, effectiveAt: at }, { rows, effectiveAt: at }, at), [...rows.endpoints]])
      t.equal(decided(head, shared, at, days), decided(head, next, at, days))
      t.equal(asViews(shared), asViews(next))
      for (const [id, rows] of shared.endpoints)
        t.equal(rows === head.endpoints.get(id), JSON.stringify(rows) === JSON.stringify(head.endpoints.get(id)))
    }),
    { numRuns: runs(200) }
  )
})

t.test('nor on whether the rows of requirements that stay are named one by one', async (t) => {
  /** With requirements that stay, whatever was edited. */
  const beside = (document: Document, { requirements }: Document): Document => ({
    ...document,
    requirements: [
      ...document.requirements,
      ...requirements.map((requirement) => ({ ...requirement, key: `stays.${requirement.key}` }))
    ]
  })
  fc.assert(
    fc.property(
      arbitraryEdit,
      arbitraryDocument,
      arbitraryInstant,
      fc.nat({ max: 60 }),
      ([first, second], other, at, days) => {
        const [before, after] = [beside(first, other), beside(structuredClone(second), other)]
        const parts = rowsBetween(before, after)
        t.equal(decided(parts.before, parts.after, at, days), decided(toRows(before), toRows(after), at, days))
        const kept = parts.after.standing?.map(({ key }) => key) ?? []
        t.ok(other.requirements.every(({ key }) => kept.includes(`stays.${key}`)))
        t.notOk(kept.some((key) => parts.after.requirements.has(key)))
      }
    ),
    { numRuns: runs(200) }
  )
})
