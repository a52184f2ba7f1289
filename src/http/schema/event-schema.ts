import Type, { type TProperties, type TSchema } from 'typebox'
import {
  type CatalogueEventType,
  type EventType,
  eventTypes,
  maxEventChanges,
  type SiteEventType
} from '../../domain/event/event.ts'
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
import { MergedChangeSchema } from './timeline-schema.ts'

/** Links are the one part of an event that grows: a receiver that validates by this schema takes those of a later version, too. */
const linksOptions = (title: string) => ({
  title: `${title}Links`,
  description:
    'Pinned URLs: no cache can answer them with an older state. `feed` and `held` are not: they lead to the newest state. A later version may have more'
})

const placeFields = {
  seq: SeqSchema,
  prevSeq: integerSchema(
    0,
    Number.MAX_SAFE_INTEGER,
    'The previous event that matches the same filter; 0 if there is none'
  ),
  epoch: EpochSchema,
  id: Type.String({ pattern: '^evt_[0-9A-Z]{26}$', maxLength: 30 })
}
const clockFields = {
  occurredAt: InstantSchema,
  effectiveAt: InstantSchema,
  lateByMs: integerSchema(0, Number.MAX_SAFE_INTEGER, 'How many milliseconds after its due time the event was recorded')
}
const truncated = Type.Boolean({ description: 'There are more changes than the event carries: `links.diff` has all' })
const changeFields = { counts: CountsSchema, changes: listSchema(ChangeSchema, maxEventChanges), truncated }
/** Changes of a site name a requirement with its catalogue. */
const siteChangeFields = { ...changeFields, changes: listSchema(MergedChangeSchema, maxEventChanges) }

/** The schema of an event of these types about a catalogue. `diff`: the links to its changes and to their work, or to its feed; a first publish has none. */
function catalogueEventSchema<const T extends readonly CatalogueEventType[], L extends TProperties>(
  title: string,
  { types, diff }: { readonly types: T; readonly diff: L }
) {
  return Type.Object(
    {
      ...placeFields,
      type: oneOfWords(types),
      ...clockFields,
      catalogue: NameSchema,
      revision: Type.Object({ number: RevisionNumberSchema, label: LabelSchema, digest: DigestSchema }, closed),
      ...changeFields,
      links: Type.Object({ view: LinkSchema, ...diff, document: LinkSchema }, linksOptions(title))
    },
    { ...closed, title }
  )
}

/** The same about a site. */
function siteEventSchema<const T extends readonly SiteEventType[], L extends TProperties>(
  title: string,
  { types, diff }: { readonly types: T; readonly diff: L }
) {
  return Type.Object(
    {
      ...placeFields,
      type: oneOfWords(types),
      ...clockFields,
      site: NameSchema,
      revision: Type.Object({ number: RevisionNumberSchema, digest: DigestSchema }, closed),
      ...siteChangeFields,
      links: Type.Object({ view: LinkSchema, ...diff, document: LinkSchema }, linksOptions(title))
    },
    { ...closed, title }
  )
}

/** An event of any type. */
export const EventSchema = Type.Object(
  {
    ...placeFields,
    type: oneOfWords(eventTypes),
    ...clockFields,
    catalogue: Type.Optional({
      ...NameSchema,
      description: 'The catalogue that the event is about'
    } as typeof NameSchema),
    site: Type.Optional({
      ...NameSchema,
      description: 'The site that the event is about, in place of `catalogue`'
    } as typeof NameSchema),
    revision: Type.Object(
      { number: RevisionNumberSchema, label: Type.Optional(LabelSchema), digest: DigestSchema },
      { ...closed, description: 'Revisions of sites have no label' }
    ),
    ...siteChangeFields,
    links: Type.Object(
      {
        view: LinkSchema,
        diff: Type.Optional(LinkSchema),
        changePack: Type.Optional(LinkSchema),
        feed: Type.Optional(LinkSchema),
        held: Type.Optional(LinkSchema),
        document: LinkSchema
      },
      linksOptions('Event')
    )
  },
  { ...closed, title: 'Event' }
)

/** A schema for each type, since a webhook has one type. */
export const eventSchemas = {
  'catalogue.created': catalogueEventSchema('CreatedEvent', {
    types: ['catalogue.created'],
    diff: {}
  }),
  'catalogue.revision_published': catalogueEventSchema('RevisionPublishedEvent', {
    types: ['catalogue.revision_published'],
    diff: { diff: LinkSchema, changePack: LinkSchema }
  }),
  'catalogue.transitioned': catalogueEventSchema('TransitionedEvent', {
    types: ['catalogue.transitioned'],
    diff: { diff: LinkSchema, changePack: LinkSchema }
  }),
  'catalogue.transition_upcoming': catalogueEventSchema('TransitionUpcomingEvent', {
    types: ['catalogue.transition_upcoming'],
    diff: { diff: LinkSchema, changePack: LinkSchema }
  }),
  'feed.failing': catalogueEventSchema('FeedFailingEvent', { types: ['feed.failing'], diff: { feed: LinkSchema } }),
  'feed.held': catalogueEventSchema('FeedHeldEvent', {
    types: ['feed.held'],
    diff: { feed: LinkSchema, held: LinkSchema }
  }),
  'feed.stale': catalogueEventSchema('FeedStaleEvent', { types: ['feed.stale'], diff: { feed: LinkSchema } }),
  'site.revision_published': siteEventSchema('SiteRevisionPublishedEvent', {
    types: ['site.revision_published'],
    diff: { diff: Type.Optional(LinkSchema) }
  }),
  'site.transitioned': siteEventSchema('SiteTransitionedEvent', {
    types: ['site.transitioned'],
    diff: { diff: LinkSchema }
  })
} as const satisfies Readonly<Record<EventType, TSchema>>
