import Type from 'typebox'
import { eventTypes, maxEventChanges } from '../domain/event.ts'
import { InstantSchema, NameSchema } from '../domain/text.ts'
import { ChangeSchema, CountsSchema } from './change-schema.ts'
import {
  DigestSchema,
  EpochSchema,
  integer,
  LabelSchema,
  LinkSchema,
  list,
  RevisionNumberSchema,
  SeqSchema,
  strict,
  words
} from './schema-words.ts'

export const EventSchema = Type.Object(
  {
    seq: SeqSchema,
    prevSeq: integer(
      0,
      Number.MAX_SAFE_INTEGER,
      'The event before that matches the same filter; 0 where there is none'
    ),
    epoch: EpochSchema,
    id: Type.String({ pattern: '^evt_[0-9A-Z]{26}$', maxLength: 30 }),
    type: words(eventTypes),
    occurredAt: InstantSchema,
    effectiveAt: InstantSchema,
    lateByMs: integer(0, Number.MAX_SAFE_INTEGER, 'How long after the instant of effect it was recorded'),
    catalogue: NameSchema,
    revision: Type.Object({ number: RevisionNumberSchema, label: LabelSchema, digest: DigestSchema }, strict),
    counts: CountsSchema,
    changes: list(ChangeSchema, maxEventChanges),
    truncated: Type.Boolean({ description: 'There are more changes than the event carries: `links.diff` has all' }),
    links: Type.Object(
      { view: LinkSchema, diff: Type.Optional(LinkSchema), document: LinkSchema },
      { ...strict, title: 'EventLinks', description: 'Pinned: no cache can answer them with an older list' }
    )
  },
  { ...strict, title: 'Event' }
)
