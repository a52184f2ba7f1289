import Type, { type Static, type TSchema } from 'typebox'
import { impacts } from '../domain/change.ts'
import { directions, scopes } from '../domain/document.ts'
import { eventTypes } from '../domain/event.ts'
import { orderings, subscriptionStates, webhookFormats } from '../domain/subscription.ts'
import { InstantSchema, NameSchema } from '../domain/text.ts'
import { CountSchema, integer, list, nullable, strict, text, words } from './schema-words.ts'

const most = Number.MAX_SAFE_INTEGER

/** One of the words, or several: any of them. */
const anyOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Union([words(values), Type.Array(words(values), { minItems: 1, maxItems: values.length })], { description })
const names = (description: string) => Type.Array(NameSchema, { minItems: 1, maxItems: 1000, description })

const FilterInputSchema = Type.Object(
  {
    requirements: Type.Optional(names('Keys of requirements')),
    tags: Type.Optional(names('Tags of requirements')),
    scope: Type.Optional(anyOf(scopes, 'Scope of the requirement')),
    direction: Type.Optional(anyOf(directions, 'Direction of the requirement; `both` is matched by each')),
    impact: Type.Optional(anyOf(impacts, 'What the change means for a firewall'))
  },
  {
    ...strict,
    title: 'SubscriptionFilterInput',
    description: 'An event matches where one of its changes fits all of it. It is sent whole.'
  }
)

const UrlSchema = Type.String({
  minLength: 1,
  maxLength: 2000,
  examples: ['https://receiver.example/portolan'],
  description: 'Where requests go: https, unless the service allows http; a public address, unless it allows another'
})
const HeadersSchema = Type.Record(Type.String({ pattern: '^.{1,100}$' }), Type.String({ maxLength: 4096 }), {
  description: 'Header fields to be sent with each request: at most 10, of 4096 bytes together; answered without values'
})
const fields = {
  description: text(1000, 'For people'),
  types: Type.Array(words(eventTypes), { minItems: 1, maxItems: eventTypes.length, description: 'Default: all' }),
  catalogues: Type.Array(NameSchema, { minItems: 1, maxItems: 1000, description: 'Ids of catalogues. Default: all' }),
  filter: FilterInputSchema,
  format: words(
    webhookFormats,
    '`standard`: the event. `cloudevents`: in an envelope. `cloudevents-binary`: by `ce-` fields'
  ),
  ordering: words(orderings, '`strict`: one at a time, in order. `none`: up to four at a time'),
  asymmetric: Type.Boolean({ description: 'Also sign with the Ed25519 key of /v1/webhook-keys' }),
  headers: HeadersSchema
}

const optional = <T extends TSchema>(schema: T) => Type.Optional(schema)

export const SubscriptionInputSchema = Type.Object(
  {
    url: UrlSchema,
    description: optional(fields.description),
    types: optional(fields.types),
    catalogues: optional(fields.catalogues),
    filter: optional(fields.filter),
    format: optional(fields.format),
    ordering: optional(fields.ordering),
    asymmetric: optional(fields.asymmetric),
    headers: optional(fields.headers)
  },
  { ...strict, title: 'SubscriptionInput' }
)
export type SubscriptionInput = Static<typeof SubscriptionInputSchema>

/** RFC 7396: null takes away. */
export const SubscriptionPatchSchema = Type.Object(
  {
    url: optional(UrlSchema),
    description: optional(nullable(fields.description)),
    types: optional(nullable(fields.types)),
    catalogues: optional(nullable(fields.catalogues)),
    filter: optional(nullable(fields.filter)),
    format: optional(fields.format),
    ordering: optional(fields.ordering),
    asymmetric: optional(fields.asymmetric),
    headers: optional(nullable(fields.headers))
  },
  { ...strict, title: 'SubscriptionPatch' }
)
export type SubscriptionPatch = Static<typeof SubscriptionPatchSchema>

const several = <const T extends readonly string[]>(values: T) => list(words(values), values.length)
const at = (description: string) => ({ ...InstantSchema, description }) as typeof InstantSchema

const subscriptionFields = {
  id: Type.String({ pattern: '^sub_[0-9A-Z]{26}$', maxLength: 30 }),
  owner: optional(text(100, 'Id of the key that it belongs to; absent: made from a shell')),
  url: UrlSchema,
  description: optional(fields.description),
  types: optional(several(eventTypes)),
  catalogues: optional(list(NameSchema, 1000)),
  filter: optional(
    Type.Object(
      {
        requirements: optional(list(NameSchema, 1000)),
        tags: optional(list(NameSchema, 1000)),
        scope: optional(several(scopes)),
        direction: optional(several(directions)),
        impact: optional(several(impacts))
      },
      { ...strict, title: 'SubscriptionFilter' }
    )
  ),
  format: fields.format,
  ordering: fields.ordering,
  asymmetric: fields.asymmetric,
  headers: optional(
    Type.Record(Type.String({ pattern: '^.{1,100}$' }), Type.Literal('***'), {
      description: 'By name; values are not answered'
    })
  ),
  createdAt: InstantSchema,
  updatedAt: InstantSchema,
  state: words(subscriptionStates),
  stateSince: InstantSchema,
  stateReason: optional(text(1000)),
  activatedAt: optional(at('When it first was active')),
  cursor: integer(0, most, 'All that matches is delivered up to this seq, or is a dead letter'),
  matched: integer(0, most, 'The newest event that is known to match; what lies beyond the cursor waits'),
  failures: integer(0, most, 'Attempts in a row that failed'),
  failingSince: optional(InstantSchema),
  nextAttemptAt: optional(at('Where something waits: nothing is sent before')),
  replay: optional(
    Type.Object(
      { fromSeq: integer(1, most), toSeq: integer(0, most), nextSeq: integer(1, most) },
      {
        ...strict,
        title: 'Replay',
        description: 'A range of the log that is sent once more, until `nextSeq` passes `toSeq`'
      }
    )
  ),
  redrives: { ...CountSchema, description: 'Dead letters that wait to be sent again' } as typeof CountSchema,
  previousSecretsUntil: optional(list(InstantSchema, 2, 'When secrets that were replaced stop to sign'))
}

export const SubscriptionSchema = Type.Object(subscriptionFields, { ...strict, title: 'Subscription' })
export const SubscriptionWithSecretSchema = Type.Object(
  {
    ...subscriptionFields,
    secret: Type.String({ pattern: '^whsec_[A-Za-z0-9+/]+=*$', maxLength: 100, description: 'Not shown again' })
  },
  { ...strict, title: 'SubscriptionWithSecret' }
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
  strict
)
