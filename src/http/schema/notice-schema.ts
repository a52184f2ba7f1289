import Type, { type TSchema } from 'typebox'
import { InstantSchema } from '../../domain/text.ts'
import type { NoticeType } from '../../domain/webhook/notice.ts'
import { type SubscriptionState, subscriptionStates } from '../../domain/webhook/subscription.ts'
import { EpochSchema, LinkSchema, strict, textSchema, words } from './schema-words.ts'

/** A notice of a type, and the states that it leaves a subscription in. */
function noticeOf(type: NoticeType, title: string, states: readonly SubscriptionState[]) {
  return Type.Object(
    {
      epoch: EpochSchema,
      id: Type.String({ pattern: '^evt_[0-9A-Z]{26}$', maxLength: 30 }),
      type: words([type]),
      occurredAt: InstantSchema,
      subscription: Type.Object(
        {
          id: Type.String({ pattern: '^sub_[0-9A-Z]{26}$', maxLength: 30 }),
          state: words(states, 'The state after it'),
          previousState: Type.Optional(words(subscriptionStates, 'Absent: it did not change')),
          reason: Type.Optional(textSchema(1000))
        },
        strict
      ),
      links: Type.Object({ subscription: LinkSchema }, strict)
    },
    { ...strict, title, description: 'About one subscription and to its owner: outside the log, without a `seq`' }
  )
}

export const noticeSchemas = {
  'subscription.ping': noticeOf('subscription.ping', 'PingNotice', subscriptionStates),
  'subscription.activated': noticeOf('subscription.activated', 'ActivatedNotice', ['active']),
  'subscription.degraded': noticeOf('subscription.degraded', 'DegradedNotice', ['degraded']),
  'subscription.suspended': noticeOf('subscription.suspended', 'SuspendedNotice', ['suspended']),
  'subscription.paused': noticeOf('subscription.paused', 'PausedNotice', ['paused']),
  'subscription.resumed': noticeOf('subscription.resumed', 'ResumedNotice', ['active', 'pending']),
  'subscription.gone': noticeOf('subscription.gone', 'GoneNotice', ['gone'])
} as const satisfies Readonly<Record<NoticeType, TSchema>>
