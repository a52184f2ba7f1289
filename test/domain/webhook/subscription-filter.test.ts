import t from 'tap'
import { impacts } from '../../../src/domain/change/change.ts'
import { directions, scopes } from '../../../src/domain/document/document.ts'
import { eventTypes } from '../../../src/domain/event/event.ts'
import {
  type Subject,
  type SubscriptionFilter,
  subscriptionMatches
} from '../../../src/domain/webhook/subscription-filter.ts'
import { fc } from '../../support/scale.ts'

const names = ['a', 'b', 'c'] as const
const subjects = fc.array(
  fc.record(
    {
      impact: fc.constantFrom(...impacts),
      requirement: fc.record(
        {
          key: fc.constantFrom(...names),
          scope: fc.constantFrom(...scopes),
          direction: fc.constantFrom(...directions),
          tags: fc.subarray([...names])
        },
        { requiredKeys: ['key', 'scope', 'direction'] }
      )
    },
    { requiredKeys: ['impact'] }
  ),
  { maxLength: 4 }
)
const events = fc.record({ type: fc.constantFrom(...eventTypes), catalogue: fc.constantFrom(...names), subjects })
const some = <T extends string>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 })
const filters: fc.Arbitrary<SubscriptionFilter> = fc.record(
  {
    types: some(eventTypes),
    catalogues: some(names),
    requirements: some(names),
    tags: some(names),
    scope: some(scopes),
    direction: some(directions),
    impact: some(impacts)
  },
  { requiredKeys: [] }
)

t.test('a filter that asks for nothing matches everything', async () => {
  fc.assert(fc.property(events, (event) => subscriptionMatches(event, {})))
})

t.test('one more condition never lets more through', async () => {
  fc.assert(
    fc.property(events, filters, filters, (event, filter, more) => {
      const narrower = { ...more, ...filter }
      return !subscriptionMatches(event, narrower) || subscriptionMatches(event, filter)
    })
  )
})

t.test('one more value of a name never lets less through', async () => {
  fc.assert(
    fc.property(events, filters, fc.constantFrom(...impacts), (event, filter, impact) => {
      if (!filter.impact) return true
      const wider = { ...filter, impact: [...filter.impact, impact] }
      return !subscriptionMatches(event, filter) || subscriptionMatches(event, wider)
    })
  )
})

t.test('an event matches where one of its changes does, wherever that stands', async () => {
  fc.assert(
    fc.property(events, filters, (event, filter) => {
      const each = event.subjects.some((subject) => subscriptionMatches({ ...event, subjects: [subject] }, filter))
      const inside = { ...filter, impact: filter.impact ?? [...impacts] }
      const turned = { ...event, subjects: [...event.subjects].reverse() }
      return (
        subscriptionMatches(event, inside) ===
          (each && subscriptionMatches({ ...event, subjects: event.subjects }, inside)) &&
        subscriptionMatches(event, filter) === subscriptionMatches(turned, filter)
      )
    })
  )
})

t.test('the conditions hold on one and the same change', async (t) => {
  const of = (key: string, impact: Subject['impact'], more: object = {}): Subject => ({
    impact,
    requirement: { key, scope: 'external', direction: 'outbound', ...more }
  })
  const event = { type: 'catalogue.transitioned', catalogue: 'a' } as const
  const matches = (filter: SubscriptionFilter, ...subjects: Subject[]) =>
    subscriptionMatches({ ...event, subjects }, filter)
  const filter = { requirements: ['mail'], impact: ['closes'] } as const
  t.equal(matches(filter, of('mail', 'opens'), of('web', 'closes')), false)
  t.equal(matches(filter, of('web', 'opens'), of('mail', 'closes')), true)
  t.equal(matches({ direction: ['inbound'] }, of('mail', 'opens')), false)
  t.equal(matches({ direction: ['inbound'] }, of('mail', 'opens', { direction: 'both' })), true)
  t.equal(matches({ tags: ['x'] }, of('mail', 'opens')), false)
  t.equal(matches({ tags: ['x', 'y'] }, of('mail', 'opens', { tags: ['y'] })), true)
  t.equal(
    matches({ scope: ['internal'] }, { impact: 'informs' }),
    false,
    'a change of the catalogue itself has no scope'
  )
  t.equal(matches({ impact: ['informs'] }, { impact: 'informs' }), true)
})
