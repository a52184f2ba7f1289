import Type, { type TSchema } from 'typebox'
import { InstantSchema } from '../../domain/text.ts'
import type { NoticeType } from '../../domain/webhook/notice.ts'
import { type SubscriptionState, subscriptionStates } from '../../domain/webhook/subscription.ts'
import { closed, EpochSchema, LinkSchema, oneOfWords, textSchema } from './schema-words.ts'

/** The schema of a notice. `states`: the states that a subscription may have after it. */
function noticeSchemaOf(type: NoticeType, title: string, states: readonly SubscriptionState[]) {
  return Type.Object(
    {
      epoch: EpochSchema,
      id: Type.String({ pattern: '^evt_[0-9A-Z]{26}$', maxLength: 30 }),
      type: oneOfWords([type]),
      occurredAt: InstantSchema,
      subscription: Type.Object(
        {
          id: Type.String({ pattern: '^sub_[0-9A-Z]{26}$', maxLength: 30 }),
          state: oneOfWords(states, 'The state after the notice'),
          previousState: Type.Optional(oneOfWords(subscriptionStates, 'Absent if the state did not change')),
          reason: Type.Optional(textSchema(1000))
        },
        closed
      ),
      links: Type.Object({ subscription: LinkSchema }, closed)
    },
    {
      ...closed,
      title,
      description: 'Tells the owner of a subscription about it. A notice is not in the log and has no `seq`'
    }
  )
}

export const noticeSchemas = {
  'subscription.ping': noticeSchemaOf('subscription.ping', 'PingNotice', subscriptionStates),
  'subscription.activated': noticeSchemaOf('subscription.activated', 'ActivatedNotice', ['active']),
  'subscription.degraded': noticeSchemaOf('subscription.degraded', 'DegradedNotice', ['degraded']),
  'subscription.suspended': noticeSchemaOf('subscription.suspended', 'SuspendedNotice', ['suspended']),
  'subscription.paused': noticeSchemaOf('subscription.paused', 'PausedNotice', ['paused']),
  'subscription.resumed': noticeSchemaOf('subscription.resumed', 'ResumedNotice', ['active', 'pending']),
  'subscription.gone': noticeSchemaOf('subscription.gone', 'GoneNotice', ['gone'])
} as const satisfies Readonly<Record<NoticeType, TSchema>>
