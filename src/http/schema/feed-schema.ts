import Type from 'typebox'
import { NameSchema, UrlSchema } from '../../domain/text.ts'
import { feedOutcomes } from '../../domain/view/view.ts'
import { FeedRefSchema } from './endpoint-schema.ts'
import { closed, listSchema, oneOfWords } from './schema-words.ts'

/** The references to feeds, and what became of them. */
export const ViewFeedsSchema = listSchema(
  Type.Object(
    {
      requirement: NameSchema,
      value: NameSchema,
      url: UrlSchema,
      outcome: oneOfWords(
        feedOutcomes,
        '`resolved`: its rows stand in the place of the reference. `unresolved`: no catalogue publishes the feed, or nothing of it is selected. `unbounded`: it has more than 1000 rows, and the reference selects none of them. The last two leave the reference out'
      ),
      feed: Type.Optional(FeedRefSchema),
      others: Type.Optional(
        listSchema(NameSchema, 1000, 'Other catalogues that publish the same feed: the one with the least id is read')
      )
    },
    { ...closed, title: 'ViewFeed' }
  ),
  1_000_000,
  'The references to feeds, where they were to be resolved and there are some'
)
