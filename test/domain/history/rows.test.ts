import t from 'tap'
import { groupRows, toRows } from '../../../src/domain/history/rows.ts'
import { fc } from '../../support/scale.ts'
import { arbitraryDocument } from '../document/support/arbitrary-document.ts'
import { address, host, requirement, rowsOf } from '../document/support/sample.ts'

t.test('grouped rows are the rows of a document again', async () => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      const rows = toRows(document)
      const again = groupRows([...rows.endpoints.values()].flat())
      return JSON.stringify([...again]) === JSON.stringify([...rows.endpoints])
    })
  )
})

t.test('rows of one value stand together, by requirement, kind and value', async (t) => {
  const [gone, back] = [address('9.0.0.1', { until: '2020-01-01' }), address('9.0.0.1', { from: '2020-02-01' })]
  const { endpoints, order } = rowsOf([
    requirement('b', [back, gone, host('example.net')]),
    requirement('a', [address('9.0.0.1')])
  ])
  t.same(order, ['b', 'a'])
  t.same(
    [...endpoints].map(([id, rows]) => [id, rows.map(({ endpoint }) => endpoint.from)]),
    [
      ['b\nhost\nexample.net', [undefined]],
      ['b\naddress\n9.0.0.1', [undefined, '2020-02-01T00:00:00Z']],
      ['a\naddress\n9.0.0.1', [undefined]]
    ]
  )
})
