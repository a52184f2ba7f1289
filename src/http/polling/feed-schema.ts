import Type from 'typebox'
import { adapterNames } from '../../domain/feed/adapters.ts'
import { guardRails } from '../../domain/history/revision.ts'
import { fetchOutcomes } from '../../domain/polling/feed-record.ts'
import { feedStates } from '../../domain/polling/feed-state.ts'
import { InstantSchema, NameSchema } from '../../domain/text.ts'
import { ChangeSchema } from '../schema/change-schema.ts'
import {
  closed,
  DigestSchema,
  integerSchema,
  listSchema,
  mostRows,
  oneOfWords,
  textSchema
} from '../schema/schema-words.ts'
import { FindingSchema } from '../schema/schemas.ts'

const at = (description: string) => ({ ...InstantSchema, description }) as typeof InstantSchema
const TokenSchema = textSchema(1000, "The source's own name for its newest state that was seen")

export const FeedSchema = Type.Object(
  {
    id: NameSchema,
    catalogue: { ...NameSchema, description: 'The catalogue that the list becomes' } as typeof NameSchema,
    adapter: oneOfWords(adapterNames, 'How the list is read'),
    url: Type.Optional(textSchema(2000, 'Where the list is published, without a query')),
    mirror: Type.Optional(textSchema(2000, 'The file or folder that it is read from in place of the network')),
    every: textSchema(20, 'How often it is fetched, as ISO 8601 writes it'),
    state: oneOfWords(
      feedStates,
      '`new`: never fetched; `held`: a guard rail refused the newest content; `failing`: the last fetch failed; `behind`: the token of the source went back; `stale`: no success for four times `every`'
    ),
    reason: Type.Optional(textSchema(1000, 'Why the last fetch failed')),
    failingSince: Type.Optional(at('The first fetch of those that failed in a row')),
    token: Type.Optional(TokenSchema),
    behind: Type.Optional(textSchema(1000, 'The token of the last answer, which is older than `token`')),
    lastFetch: Type.Optional(
      Type.Object(
        {
          at: InstantSchema,
          outcome: oneOfWords(fetchOutcomes),
          status: Type.Optional(integerSchema(100, 599, 'The status that the source answered with'))
        },
        { ...closed, title: 'LastFetch' }
      )
    ),
    lastSuccess: Type.Optional(InstantSchema),
    lastChange: Type.Optional(at('When the catalogue last got a revision of the list')),
    next: at('When it is fetched next'),
    settling: Type.Optional(
      Type.Object(
        { since: InstantSchema },
        { ...closed, description: 'A change that waits for a second fetch that agrees' }
      )
    ),
    held: Type.Optional(
      Type.Object(
        { since: InstantSchema, rules: listSchema(oneOfWords(guardRails), guardRails.length) },
        { ...closed, description: 'A change that guard rails refused, and that waits for a person' }
      )
    )
  },
  { ...closed, title: 'Feed' }
)

export const HeldChangeSchema = Type.Object(
  {
    since: InstantSchema,
    digest: { ...DigestSchema, description: 'Names this change: for `accept`' } as typeof DigestSchema,
    token: Type.Optional(TokenSchema),
    findings: listSchema(FindingSchema, mostRows, 'What the guard rails found'),
    changes: listSchema(ChangeSchema, 1000, 'What accepting it changes: at most 1000, and as many as 64 KiB hold'),
    truncated: Type.Optional(Type.Literal(true, { description: 'There are more changes' }))
  },
  { ...closed, title: 'HeldChange' }
)

export const FeedParamsSchema = Type.Object(
  { id: { ...NameSchema, description: 'Id of the feed', examples: ['feed.example-mirrors'] } as typeof NameSchema },
  closed
)
