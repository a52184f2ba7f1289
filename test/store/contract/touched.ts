import assert from 'node:assert/strict'
import { endpointValue } from '../../../src/domain/document/endpoint.ts'
import { type HistoryRow, standsIn } from '../../../src/domain/history/history.ts'
import { readInstant } from '../../../src/domain/time/instant.ts'
import type { Store } from '../../../src/store/store.ts'
import { fc } from '../../support/scale.ts'
import { addresses, documentOf, histories, publicationOf, publishAll, requirementOf } from '../support/documents.ts'
import type { Contract } from './use.ts'

const instants = ['2019-01-01', '2020-02-29T23:59:59.500Z', '2020-03-01', '2021-01-01', '2021-06-01', '2023-01-01'].map(
  (text) => Date.parse(text)
)

export function touchedContract({ test, runs }: Contract): void {
  test('what revisions touched, and what the clock turns, is what the whole history says', async (t, store) => {
    let run = 0
    const two = <T>(arbitrary: fc.Arbitrary<T>) => fc.tuple(arbitrary, arbitrary)
    const property = fc.asyncProperty(
      histories,
      two(fc.nat()),
      two(fc.constantFrom(...instants)),
      async (history, numbers, [one, other]) => {
        run += 1
        const id = `touched-${run}`
        await publishAll(
          store,
          history.map((document) => ({ ...document, id }))
        )
        const [after = 0, upTo = 0] = numbers.map((number) => number % (history.length + 1)).sort((a, b) => a - b)
        const within = (number: number) => after < number && number <= upTo
        const all = await allRows(store, id)
        assert.deepEqual(
          await store.endpointsTouched(id, { after, upTo }),
          all.filter(({ since, until }) => within(since) || (until !== undefined && within(until)))
        )
        assert.deepEqual(
          await store.requirementsTouched(id, { after, upTo }),
          (await store.requirementsOf(id)).filter(
            ({ since, until }) => within(since) || (until !== undefined && within(until))
          )
        )
        const [low, high] = [Math.min(one, other), Math.max(one, other)]
        const turns = (text: string | undefined) =>
          text !== undefined && low < readInstant(text) && readInstant(text) <= high
        assert.deepEqual(
          await store.endpointsTurning(id, upTo, { after: low, upTo: high }),
          all.filter((row) => standsIn(row, upTo) && (turns(row.endpoint.from) || turns(row.endpoint.until)))
        )
      }
    )
    await fc.assert(property, { numRuns: runs })
    t.pass()
  })

  test('a place in the log names the revision that was the newest there', async (t, store) => {
    await publishAll(store, [documentOf([]), documentOf([], { title: 'Second' })])
    await store.commit(publicationOf(undefined, documentOf([], { id: 'other' }), 1))
    await store.commit(
      publicationOf(documentOf([], { title: 'Second' }), documentOf([requirementOf('a', addresses(1))]), 3)
    )
    const numbers = []
    for (let seq = 0; seq <= 5; seq += 1) numbers.push((await store.revisionAtSeq('gateway', seq))?.number)
    t.strictSame(numbers, [undefined, 1, 2, 2, 3, 3])
    t.equal((await store.profile('gateway', 1)).title, 'Gateway')
    t.equal((await store.profile('gateway', 2)).title, 'Second')
    await t.rejects(store.profile('nowhere', 1), { code: 'unknown_revision' })
  })
}

async function allRows(store: Store, catalogue: string): Promise<readonly HistoryRow[]> {
  const keys = new Set((await store.requirementsOf(catalogue)).map(({ fields }) => fields.key))
  const rows = await store.findEndpointsOf([...keys].map((key) => ({ catalogue, key })))
  assert.equal(new Set(rows.map(identity)).size, rows.length)
  return rows
}

function identity({ requirement, endpoint, since }: HistoryRow): string {
  return `${requirement}\n${endpoint.kind}\n${endpointValue(endpoint)}\n${endpoint.from ?? ''}\n${since}`
}
