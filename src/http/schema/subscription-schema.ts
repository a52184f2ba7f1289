import Type, { type TSchema } from 'typebox'
import { impacts } from '../../domain/change/change.ts'
import { directions, scopes } from '../../domain/document/document.ts'
import { eventTypes } from '../../domain/event/event.ts'
import { InstantSchema, NameSchema } from '../../domain/text.ts'
import { subscriptionStates } from '../../domain/webhook/subscription.ts'
import { ReceiverUrlSchema, receiverFields } from '../../domain/webhook/subscription-input.ts'
import { CountSchema, closed, integerSchema, listSchema, oneOfWords, textSchema } from './schema-words.ts'

const most = Number.MAX_SAFE_INTEGER

const optional = <T extends TSchema>(schema: T) => Type.Optional(schema)
const listOf = <const T extends readonly string[]>(values: T) => listSchema(oneOfWords(values), values.length)
const at = (description: string) => ({ ...InstantSchema, description }) as typeof InstantSchema

const subscriptionFields = {
  id: Type.String({ pattern: '^sub_[0-9A-Z]{26}$', maxLength: 30 }),
  owner: optional(
    textSchema(100, 'Id of the key that owns the subscription; absent if it was made on the command line')
  ),
  url: ReceiverUrlSchema,
  description: optional(receiverFields.description),
  types: optional(listOf(eventTypes)),
  catalogues: optional(listSchema(NameSchema, 1000)),
  filter: optional(
    Type.Object(
      {
        requirements: optional(listSchema(NameSchema, 1000)),
        tags: optional(listSchema(NameSchema, 1000)),
        scope: optional(listOf(scopes)),
        direction: optional(listOf(directions)),
        impact: optional(listOf(impacts))
      },
      { ...closed, title: 'SubscriptionFilter' }
    )
  ),
  format: receiverFields.format,
  ordering: receiverFields.ordering,
  asymmetric: receiverFields.asymmetric,
  headers: optional(
    Type.Record(Type.String({ pattern: '^.{1,100}$' }), Type.Literal('***'), {
      description: 'Header fields by name; their values are never answered'
    })
  ),
  createdAt: InstantSchema,
  updatedAt: InstantSchema,
  state: oneOfWords(subscriptionStates),
  stateSince: InstantSchema,
  stateReason: optional(textSchema(1000)),
  activatedAt: optional(at('When the subscription first became active')),
  cursor: integerSchema(0, most, 'Every matching event up to this seq was delivered or is a dead letter'),
  matched: integerSchema(0, most, 'The newest event that is known to match; matching events after the cursor wait'),
  failures: integerSchema(0, most, 'How many attempts in a row failed'),
  failingSince: optional(InstantSchema),
  nextAttemptAt: optional(at('The earliest instant of the next request; absent if nothing waits')),
  replay: optional(
    Type.Object(
      { fromSeq: integerSchema(1, most), toSeq: integerSchema(0, most), nextSeq: integerSchema(1, most) },
      {
        ...closed,
        title: 'Replay',
        description: 'A range of the log that is sent once more, until `nextSeq` passes `toSeq`'
      }
    )
  ),
  redrives: { ...CountSchema, description: 'Dead letters that wait to be sent again' } as typeof CountSchema,
  previousSecretsUntil: optional(listSchema(InstantSchema, 2, 'When replaced secrets stop signing'))
}

export const SubscriptionSchema = Type.Object(subscriptionFields, { ...closed, title: 'Subscription' })
export const SubscriptionWithSecretSchema = Type.Object(
  {
    ...subscriptionFields,
    secret: Type.String({ pattern: '^whsec_[A-Za-z0-9+/]+=*$', maxLength: 100, description: 'Not shown again' })
  },
  { ...closed, title: 'SubscriptionWithSecret' }
)

export const SubscriptionParamsSchema = Type.Object(
  {
    id: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Id of the subscription',
      examples: ['sub_01ARZ3NDEKTSV4RRFFQ69G5FAV']
    })
  },
  closed
)
