import Type, { type TProperties, type TSchema } from 'typebox'
import { type EventType, eventTypes, maxEventChanges } from '../../domain/event/event.ts'
import { InstantSchema, NameSchema } from '../../domain/text.ts'
import { ChangeSchema, CountsSchema } from './change-schema.ts'
import {
  closed,
  DigestSchema,
  EpochSchema,
  integerSchema,
  LabelSchema,
  LinkSchema,
  listSchema,
  oneOfWords,
  RevisionNumberSchema,
  SeqSchema
} from './schema-words.ts'

/** The schema of an event of these types. `diff` is the link to its changes: a first publish has none. */
function eventSchemaOf<const T extends readonly EventType[], L extends TProperties>(
  title: string,
  { types, diff }: { readonly types: T; readonly diff: L }
) {
  const links = {
    ...closed,
    title: `${title}Links`,
    description: 'Pinned URLs: no cache can answer them with an older state'
  }
  return Type.Object(
    {
      seq: SeqSchema,
      prevSeq: integerSchema(
        0,
        Number.MAX_SAFE_INTEGER,
        'The previous event that matches the same filter; 0 if there is none'
      ),
      epoch: EpochSchema,
      id: Type.String({ pattern: '^evt_[0-9A-Z]{26}$', maxLength: 30 }),
      type: oneOfWords(types),
      occurredAt: InstantSchema,
      effectiveAt: InstantSchema,
      lateByMs: integerSchema(
        0,
        Number.MAX_SAFE_INTEGER,
        'How many milliseconds after its due time the event was recorded'
      ),
      catalogue: NameSchema,
      revision: Type.Object({ number: RevisionNumberSchema, label: LabelSchema, digest: DigestSchema }, closed),
      counts: CountsSchema,
      changes: listSchema(ChangeSchema, maxEventChanges),
      truncated: Type.Boolean({ description: 'There are more changes than the event carries: `links.diff` has all' }),
      links: Type.Object({ view: LinkSchema, ...diff, document: LinkSchema }, links)
    },
    { ...closed, title }
  )
}

export const EventSchema = eventSchemaOf('Event', { types: eventTypes, diff: { diff: Type.Optional(LinkSchema) } })

/** A schema for each type, since a webhook has one type. */
export const eventSchemas = {
  'catalogue.created': eventSchemaOf('CreatedEvent', {
    types: ['catalogue.created'],
    diff: {}
  }),
  'catalogue.revision_published': eventSchemaOf('RevisionPublishedEvent', {
    types: ['catalogue.revision_published'],
    diff: { diff: LinkSchema }
  }),
  'catalogue.transitioned': eventSchemaOf('TransitionedEvent', {
    types: ['catalogue.transitioned'],
    diff: { diff: LinkSchema }
  }),
  'catalogue.transition_upcoming': eventSchemaOf('TransitionUpcomingEvent', {
    types: ['catalogue.transition_upcoming'],
    diff: { diff: LinkSchema }
  })
} as const satisfies Readonly<Record<EventType, TSchema>>
