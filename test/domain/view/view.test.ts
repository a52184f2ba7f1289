import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { type View, viewAt } from '../../../src/domain/view/view.ts'
import { fc } from '../../support/scale.ts'
import { arbitraryDocument, arbitraryInstant } from '../document/support/arbitrary-document.ts'
import { address, any, at, documentOf, feed, requirement, revisionOf, role } from '../document/support/sample.ts'

const viewOf = (document: Document, instant: number) => viewAt(document, revisionOf(document), instant)

const statuses = (view: View) =>
  JSON.stringify(view.requirements.map(({ endpoints }) => endpoints.map(({ status }) => status)))

t.test('a view holds at the instant at which it was read', async () => {
  fc.assert(
    fc.property(arbitraryDocument, arbitraryInstant, (document, instant) => {
      const { validFrom, validUntil } = viewOf(document, instant)
      return (
        (validFrom === undefined || at(validFrom) <= instant) && (validUntil === undefined || instant < at(validUntil))
      )
    })
  )
})

t.test('all instants of its interval give the same bytes', async () => {
  const instants = fc.tuple(arbitraryInstant, fc.double({ min: 0, max: 1, noNaN: true }))
  fc.assert(
    fc.property(arbitraryDocument, instants, (document, [instant, share]) => {
      const view = viewOf(document, instant)
      const first = view.validFrom === undefined ? at('1970-01-01') : at(view.validFrom)
      const last = view.validUntil === undefined ? at('2200-01-01') : at(view.validUntil) - 1
      const within = first + Math.floor((last - first) * share)
      const bytes = JSON.stringify(view)
      return [first, within, last].every((each) => JSON.stringify(viewOf(document, each)) === bytes)
    })
  )
})

t.test('intervals follow each other without gap or overlap, and a status differs between neighbours', async () => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      let view = viewOf(document, at('0001-01-01'))
      if (view.validFrom !== undefined) return false
      for (let steps = 0; view.validUntil !== undefined; steps += 1) {
        const next = viewOf(document, at(view.validUntil))
        if (next.validFrom !== view.validUntil || statuses(next) === statuses(view) || steps > 100) return false
        view = next
      }
      return true
    })
  )
})

t.test(
  'a view says everything that the document says, but for the edition, and adds statuses and interval',
  async (t) => {
    const document = documentOf(
      [
        requirement(
          'a',
          [
            address('9.0.0.1', { until: '2020-03-01', remarks: 'x' }),
            any({ from: '2020-02-01' }),
            role('admins'),
            feed('cloud', { select: { region: ['eu'] } })
          ],
          { tags: ['t'] }
        )
      ],
      { guidance: [{ key: 'g', topic: 't', text: 'x' }], aliases: ['Other'] }
    )
    const view = viewAt(document, revisionOf(document, { number: 7, digest: 'sha256:ab' }), at('2020-02-01'))
    t.same(view, {
      id: 'gateway',
      title: 'Gateway',
      vendor: 'Example',
      product: 'Gateway',
      version: '1',
      aliases: ['Other'],
      timeZone: 'UTC',
      revision: { number: 7, label: '1', publishedAt: '2020-01-01T00:00:00Z', digest: 'sha256:ab' },
      validFrom: '2020-02-01T00:00:00Z',
      validUntil: '2020-03-01T00:00:00Z',
      guidance: [{ key: 'g', topic: 't', text: 'x' }],
      requirements: [
        {
          key: 'a',
          title: 'a',
          scope: 'external',
          direction: 'outbound',
          necessity: 'required',
          services: [{ transport: 'tcp', ports: [{ from: 443, to: 443 }] }],
          tags: ['t'],
          endpoints: [
            { kind: 'address', value: '9.0.0.1', status: 'retiring', until: '2020-03-01T00:00:00Z', remarks: 'x' },
            { kind: 'role', value: 'admins', status: 'active', title: 'admins' },
            {
              kind: 'feed',
              value: 'cloud',
              status: 'active',
              url: 'https://example.net/feed.json',
              select: { region: ['eu'] }
            },
            { kind: 'any', status: 'active', from: '2020-02-01T00:00:00Z' }
          ]
        }
      ]
    })
    t.same(Object.keys(view).slice(-5), ['revision', 'validFrom', 'validUntil', 'guidance', 'requirements'])
  }
)

t.test('without a transition a view holds for ever', async (t) => {
  const view = viewOf(documentOf([requirement('a', [any()])]), at('2020-01-01'))
  t.notOk('validFrom' in view)
  t.notOk('validUntil' in view)
})
