import Type, { type Static, type TSchema } from 'typebox'
import { impacts } from '../change/change.ts'
import { directions, scopes } from '../document/document.ts'
import { eventTypes } from '../event/event.ts'
import { readInput } from '../json/input.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { closed, nullable, oneOfWords } from '../schema-words.ts'
import { NameSchema } from '../text.ts'
import { orderings, type SubscriptionDefinition, webhookFormats } from './subscription.ts'
import type { SubscriptionFilter } from './subscription-filter.ts'
import { secretPattern } from './webhook-secret.ts'

const optional = <T extends TSchema>(schema: T) => Type.Optional(schema)

/** One of the words, or a list of them, of which any one matches. */
const anyOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Union([oneOfWords(values), Type.Array(oneOfWords(values), { minItems: 1, maxItems: values.length })], {
    description
  })
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
    ...closed,
    title: 'SubscriptionFilterInput',
    description: 'An event matches where one of its changes fits all of it. It is sent whole.'
  }
)

export const ReceiverUrlSchema = Type.String({
  minLength: 1,
  maxLength: 2000,
  examples: ['https://receiver.example/portolan'],
  description: 'Where requests go: https, unless the service allows http; a public address, unless it allows another'
})
const HeadersSchema = Type.Record(Type.String({ pattern: '^.{1,100}$' }), Type.String({ maxLength: 4096 }), {
  description: 'Header fields to be sent with each request: at most 10, of 4096 bytes together; answered without values'
})
const OwnSecretSchema = Type.String({
  pattern: secretPattern,
  maxLength: 100,
  examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  description: 'A secret that the receiver has already: `whsec_` and base64 of 24 to 64 bytes. Default: a new one'
})
export const receiverFields = {
  description: Type.String({ maxLength: 1000, description: 'For people' }),
  types: Type.Array(oneOfWords(eventTypes), { minItems: 1, maxItems: eventTypes.length, description: 'Default: all' }),
  catalogues: Type.Array(NameSchema, { minItems: 1, maxItems: 1000, description: 'Ids of catalogues. Default: all' }),
  filter: FilterInputSchema,
  format: oneOfWords(
    webhookFormats,
    '`standard`: the event. `cloudevents`: in an envelope. `cloudevents-binary`: by `ce-` fields. `text`: a message for a chat, `{"text": …}`, as Slack, Mattermost and Google Chat take it. `teams`: an Adaptive Card for Microsoft Teams'
  ),
  ordering: oneOfWords(orderings, '`strict`: one at a time, in order. `none`: up to four at a time'),
  asymmetric: Type.Boolean({ description: 'Also sign with the Ed25519 key of /v1/webhook-keys' }),
  headers: HeadersSchema
}

export const SubscriptionInputSchema = Type.Object(
  {
    url: ReceiverUrlSchema,
    description: optional(receiverFields.description),
    types: optional(receiverFields.types),
    catalogues: optional(receiverFields.catalogues),
    filter: optional(receiverFields.filter),
    format: optional(receiverFields.format),
    ordering: optional(receiverFields.ordering),
    asymmetric: optional(receiverFields.asymmetric),
    headers: optional(receiverFields.headers),
    secret: optional(OwnSecretSchema)
  },
  { ...closed, title: 'SubscriptionInput' }
)
export type SubscriptionInput = Static<typeof SubscriptionInputSchema>

/** A JSON Merge Patch (RFC 7396): null removes a field. */
export const SubscriptionPatchSchema = Type.Object(
  {
    url: optional(ReceiverUrlSchema),
    description: optional(nullable(receiverFields.description)),
    types: optional(nullable(receiverFields.types)),
    catalogues: optional(nullable(receiverFields.catalogues)),
    filter: optional(nullable(receiverFields.filter)),
    format: optional(receiverFields.format),
    ordering: optional(receiverFields.ordering),
    asymmetric: optional(receiverFields.asymmetric),
    headers: optional(nullable(receiverFields.headers))
  },
  { ...closed, title: 'SubscriptionPatch' }
)
export type SubscriptionPatch = Static<typeof SubscriptionPatchSchema>

/**
 * Reads what somebody sent as a new subscription.
 * @throws PortolanError `invalid_body`
 */
export function readSubscription(value: unknown): SubscriptionInput {
  return readInput(SubscriptionInputSchema, value)
}

/**
 * Reads what somebody sent as a change of a subscription.
 * @throws PortolanError `invalid_body`
 */
export function readSubscriptionPatch(value: unknown): SubscriptionPatch {
  return readInput(SubscriptionPatchSchema, value)
}

export const RotationInputSchema = Type.Object(
  { secret: optional(OwnSecretSchema) },
  { ...closed, title: 'SecretRotationInput' }
)
export type RotationInput = Static<typeof RotationInputSchema>

/**
 * Reads what somebody sent with a rotation of a secret; a rotation needs no body.
 * @throws PortolanError `invalid_body`
 */
export function readRotation(value: unknown): RotationInput {
  return readInput(RotationInputSchema, value ?? {})
}

/** The definition of a new subscription, with defaults for the fields that are absent. */
export function definitionOf(input: SubscriptionInput): SubscriptionDefinition {
  const { url, description, types, catalogues, filter, format, ordering, asymmetric, headers } = input
  return {
    url,
    ...(description !== undefined && { description }),
    filter: filterOf({ types, catalogues, filter }),
    format: format ?? 'standard',
    ordering: ordering ?? 'strict',
    isAsymmetric: asymmetric ?? false,
    headers: headers ?? {}
  }
}

type Wanted<T> = T | null | undefined

/**
 * A definition after a JSON Merge Patch (RFC 7396): a field that is absent from the patch stays, and null removes a field. Values of header
 * fields belong to their URL: another receiver does not get the credentials of the one before.
 */
export function patchDefinition(definition: SubscriptionDefinition, patch: SubscriptionPatch): SubscriptionDefinition {
  const { types, catalogues, ...inside } = definition.filter
  const { url, description, filter, format, ordering, asymmetric, headers } = patch
  const stays = <T>(wanted: Wanted<T>, before: T | undefined): T | undefined =>
    wanted === undefined ? before : (wanted ?? undefined)
  const { description: before, ...rest } = definition
  const after = stays(description, before)
  const kept = url === undefined || url === definition.url ? definition.headers : undefined
  return {
    ...rest,
    ...(url !== undefined && { url }),
    ...(after !== undefined && { description: after }),
    filter: filterOf({
      types: stays(patch.types, types),
      catalogues: stays(patch.catalogues, catalogues),
      filter: stays<FilterParts['filter']>(filter, inside)
    }),
    format: format ?? definition.format,
    ordering: ordering ?? definition.ordering,
    isAsymmetric: asymmetric ?? definition.isAsymmetric,
    headers: stays(headers, kept) ?? {}
  }
}

interface FilterParts {
  readonly types: SubscriptionFilter['types'] | undefined
  readonly catalogues: SubscriptionFilter['catalogues'] | undefined
  readonly filter: NonNullable<SubscriptionInput['filter']> | SubscriptionFilter | undefined
}

function filterOf({ types, catalogues, filter = {} }: FilterParts): SubscriptionFilter {
  const { requirements, tags, scope, direction, impact } = filter
  return withoutUndefined({
    types,
    catalogues,
    requirements,
    tags,
    scope: asList<NonNullable<SubscriptionFilter['scope']>[number]>(scope),
    direction: asList<NonNullable<SubscriptionFilter['direction']>[number]>(direction),
    impact: asList<NonNullable<SubscriptionFilter['impact']>[number]>(impact)
  })
}

function asList<T extends string>(words: T | readonly T[] | undefined): readonly T[] | undefined {
  if (words === undefined) return undefined
  return typeof words === 'string' ? [words] : words
}
