import Type, { type TProperties, type TSchema } from 'typebox'
import { type EventType, eventTypes, maxEventChanges } from '../../domain/event/event.ts'
import { InstantSchema, NameSchema } from '../../domain/text.ts'
import { ChangeSchema, CountsSchema } from './change-schema.ts'
import {
  DigestSchema,
  EpochSchema,
  integerSchema,
  LabelSchema,
  LinkSchema,
  listSchema,
  RevisionNumberSchema,
  SeqSchema,
  strict,
  words
} from './schema-words.ts'

/** What an event of these types has. Only a first publish has nothing to differ from. */
function eventOf<const T extends readonly EventType[], L extends TProperties>(
  title: string,
  { types, diff }: { readonly types: T; readonly diff: L }
) {
  const links = {
    ...strict,
    title: `${title}Links`,
    description: 'Pinned: no cache can answer them with an older list'
  }
  return Type.Object(
    {
      seq: SeqSchema,
      prevSeq: integerSchema(
        0,
        Number.MAX_SAFE_INTEGER,
        'The event before that matches the same filter; 0 where there is none'
      ),
      epoch: EpochSchema,
      id: Type.String({ pattern: '^evt_[0-9A-Z]{26}$', maxLength: 30 }),
      type: words(types),
      occurredAt: InstantSchema,
      effectiveAt: InstantSchema,
      lateByMs: integerSchema(0, Number.MAX_SAFE_INTEGER, 'How long after its time it was recorded'),
      catalogue: NameSchema,
      revision: Type.Object({ number: RevisionNumberSchema, label: LabelSchema, digest: DigestSchema }, strict),
      counts: CountsSchema,
      changes: listSchema(ChangeSchema, maxEventChanges),
      truncated: Type.Boolean({ description: 'There are more changes than the event carries: `links.diff` has all' }),
      links: Type.Object({ view: LinkSchema, ...diff, document: LinkSchema }, links)
    },
    { ...strict, title }
  )
}

export const EventSchema = eventOf('Event', { types: eventTypes, diff: { diff: Type.Optional(LinkSchema) } })

/** Each type by itself. */
export const eventSchemas = {
  'catalogue.created': eventOf('CreatedEvent', {
    types: ['catalogue.created'],
    diff: {}
  }),
  'catalogue.revision_published': eventOf('RevisionPublishedEvent', {
    types: ['catalogue.revision_published'],
    diff: { diff: LinkSchema }
  }),
  'catalogue.transitioned': eventOf('TransitionedEvent', {
    types: ['catalogue.transitioned'],
    diff: { diff: LinkSchema }
  }),
  'catalogue.transition_upcoming': eventOf('TransitionUpcomingEvent', {
    types: ['catalogue.transition_upcoming'],
    diff: { diff: LinkSchema }
  })
} as const satisfies Readonly<Record<EventType, TSchema>>
