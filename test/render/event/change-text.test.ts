import t from 'tap'
import type { Change } from '../../../src/domain/change/change.ts'
import { changeText } from '../../../src/render/event/change-text.ts'

const about = { pointer: '/x', requirement: 'mail', endpoint: { kind: 'address', value: '20.0.0.1' } } as const
const row = { kind: 'address', value: '20.0.0.1' }

t.test('people read what happens, when, and what takes the place', async (t) => {
  const end = { until: '2018-11-22T00:00:00Z', replacedBy: ['20.0.0.2', '20.0.0.3'] }
  const published: readonly (readonly [Omit<Change, 'pointer'>, string])[] = [
    [
      { op: 'changed', impact: 'announces', before: row, after: { ...row, ...end } },
      'mail: address 20.0.0.1 retires on 22 Nov 2018; replaced by 20.0.0.2, 20.0.0.3'
    ],
    [
      { op: 'changed', impact: 'announces', before: row, after: { ...row, until: '2018-11-02T14:30:00Z' } },
      'mail: address 20.0.0.1 retires on 2 Nov 2018, 14:30 UTC'
    ],
    [
      { op: 'changed', impact: 'informs', before: { ...row, ...end }, after: row },
      'mail: address 20.0.0.1 no longer retires'
    ],
    [
      { op: 'added', impact: 'announces', after: { ...row, from: '2018-12-01T00:00:00Z' } },
      'mail: address 20.0.0.1 becomes active on 1 Dec 2018'
    ],
    [{ op: 'added', impact: 'opens', after: row }, 'mail: address 20.0.0.1 added (opens)']
  ]
  for (const [change, text] of published)
    t.equal(changeText({ ...about, ...change }, 'catalogue.revision_published'), text)
  const gone: Change = { ...about, op: 'removed', impact: 'closes', before: { ...row, ...end } }
  t.equal(
    changeText(gone, 'catalogue.transitioned'),
    'mail: address 20.0.0.1 retires; replaced by 20.0.0.2, 20.0.0.3 (closes)'
  )
})
