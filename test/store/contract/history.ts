import assert from 'node:assert/strict'
import { diff } from '../../../src/domain/change/diff.ts'
import type { Document } from '../../../src/domain/document/document.ts'
import { type Rows, toRows } from '../../../src/domain/history/rows.ts'
import { stepBetween } from '../../../src/domain/history/step.ts'
import type { Store } from '../../../src/store/store.ts'
import { fc } from '../../support/scale.ts'
import { addresses, documentOf, histories, publishAll, requirementOf } from '../support/documents.ts'
import type { Contract } from './use.ts'

export function historyContract({ test, runs }: Contract): void {
  test('every revision comes back byte for byte, and stays when later ones come', async (t, store) => {
    let run = 0
    const property = fc.asyncProperty(histories, async (history) => {
      run += 1
      const documents = history.map((document) => ({ ...document, id: `history-${run}` }))
      await publishAll(store, documents)
      for (const [index, document] of documents.entries()) {
        assert.equal(await textOf(store, document.id, index + 1), JSON.stringify(document))
      }
    })
    await fc.assert(property, { numRuns: runs })
    t.pass()
  })

  test('a comparison of parts finds what a comparison of whole documents finds', async (t, store) => {
    let run = 0
    const property = fc.asyncProperty(histories, fc.nat(), fc.nat(), async (history, one, other) => {
      run += 1
      const documents = history.map((document) => ({ ...document, id: `parts-${run}` }))
      await publishAll(store, documents)
      const [from, to] = [(one % documents.length) + 1, (other % documents.length) + 1]
      const parts = await store.rowsBetween(`parts-${run}`, from, to)
      const whole = { before: rowsOf(documents, from), after: rowsOf(documents, to) }
      assert.deepEqual(sorted(parts.before, parts.after), sorted(whole.before, whole.after))
      for (const instant of ['2019-01-01T00:00:00Z', '2021-06-01T00:00:00Z', '2023-01-01T00:00:00Z'].map(Date.parse)) {
        const judged = (rows: typeof whole) => diff({ rows: rows.before }, { rows: rows.after }, instant)
        assert.deepEqual(judged(parts), judged(whole))
      }
    })
    await fc.assert(property, { numRuns: runs })
    t.pass()
  })

  test('a part holds the rows that changed and those of equal value, not the rest', async (t, store) => {
    const [shared, other] = [addresses(1), addresses(300, 11)]
    const documents = [
      documentOf([requirementOf('a', [...shared, ...other]), requirementOf('b', shared), requirementOf('c', other)]),
      documentOf([requirementOf('a', other), requirementOf('b', shared), requirementOf('c', other)])
    ]
    await publishAll(store, documents)
    const { before, after } = await store.rowsBetween('gateway', 1, 2)
    t.same(
      [...before.endpoints.values()].flat().map(({ requirement }) => requirement),
      ['a', 'b']
    )
    t.same(
      [...after.endpoints.values()].flat().map(({ requirement }) => requirement),
      ['b']
    )
    t.same([...before.requirements.keys()], ['a', 'b'])
    t.same(after.order, ['a', 'b', 'c'])
    const back = await store.rowsBetween('gateway', 2, 1)
    t.same(back, { before: after, after: before })
  })

  test('more rows than fit one statement come, change and go', async (t, store) => {
    const some = addresses(1234).map((endpoint, index) => (index % 3 ? endpoint : { ...endpoint, remarks: 'moved' }))
    const groups = Array.from({ length: 701 }, (_, index) => requirementOf(`r-${index}`, addresses(1, index % 200)))
    const documents = [
      documentOf([requirementOf('big', addresses(1234)), ...groups]),
      documentOf([requirementOf('big', some), ...groups.map((each) => ({ ...each, title: 'new' }))]),
      documentOf([requirementOf('big', addresses(100))])
    ]
    await publishAll(store, documents)
    for (const [index, document] of documents.entries())
      t.equal(await textOf(store, 'gateway', index + 1), JSON.stringify(document))
    const parts = await store.rowsBetween('gateway', 1, 3)
    t.strictSame(sorted(parts.before, parts.after), sorted(rowsOf(documents, 1), rowsOf(documents, 3)))
  })

  test('a revision that does not exist is refused, not answered empty', async (t, store) => {
    await publishAll(store, [documentOf([])])
    const unknown = { code: 'unknown_revision' } as const
    await t.rejects(store.document('gateway', 2), unknown)
    await t.rejects(store.document('other', 1), unknown)
    await t.rejects(store.rowsBetween('gateway', 1, 2), unknown)
  })
}

async function textOf(store: Store, catalogue: string, number: number): Promise<string> {
  return JSON.stringify(await store.document(catalogue, number))
}

function rowsOf(documents: readonly Document[], number: number): Rows {
  const document = documents[number - 1]
  if (!document) throw new Error(`no document ${number}`)
  return toRows(document)
}

/** The difference as sets: a part need not have its rows in the order of the whole. */
function sorted(before: Rows, after: Rows) {
  const { profile, order, requirements, endpoints } = stepBetween(before, after)
  const texts = (list: readonly unknown[]) => list.map((each) => JSON.stringify(each)).sort()
  return {
    profile,
    order,
    closed: [texts(requirements.closed), texts(endpoints.closed)],
    opened: [texts(requirements.opened), texts(endpoints.opened)]
  }
}
