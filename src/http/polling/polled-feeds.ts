import Type from 'typebox'
import type { ConfiguredFeed } from '../../catalogue/polling/feed-folder.ts'
import { acceptHeld, heldChange } from '../../catalogue/polling/held-change.ts'
import { feedStatus, feedStatuses, requireFeed } from '../../catalogue/polling/polled-feeds.ts'
import { PortolanError } from '../../domain/errors.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { firstChanges, revisionWithChangesJson } from '../../render/history/revision-json.ts'
import { feedJson } from '../../render/polling/feed-json.ts'
import { sendFresh } from '../answer/send-fresh.ts'
import { baseOf, type RouteContext, seenBy } from '../answer/send-point.ts'
import type { App } from '../request/type-provider.ts'
import { RevisionWithChangesSchema } from '../schema/revision-schema.ts'
import { closed, DigestSchema, listSchema, mostRows, PageSchema } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, parserCodes, problems } from '../schema/schemas.ts'
import { FeedParamsSchema, FeedSchema, HeldChangeSchema } from './feed-schema.ts'

export interface PollingContext {
  readonly feeds: readonly ConfiguredFeed[]
  /** Fetches a list now. Absent: this process fetches nothing. */
  readonly poller?: { fetchNow(feed: ConfiguredFeed): Promise<void> } | undefined
}

const tags = ['feeds']
const keyed = { tags, security: [{ bearer: [] }, { basic: [] }] }
const read = { access: 'read' } as const
const write = { access: 'feed:write' } as const

const AcceptQuerySchema = Type.Object(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: 1000,
      description: 'Why it is right; kept with the revision',
      examples: ['The provider gave a data centre up']
    }),
    digest: Type.Optional({
      ...DigestSchema,
      description: 'The change that was looked at; 412 where another one is held by now. Default: whichever is held',
      examples: [`sha256:${'0'.repeat(64)}`]
    } as typeof DigestSchema)
  },
  closed
)

/** The routes of the lists that the service fetches by itself. */
export function polledFeedRoutes(app: App, context: RouteContext, { feeds, poller }: PollingContext): void {
  app.get(
    '/v1/feeds',
    {
      config: read,
      schema: {
        tags,
        operationId: 'listFeeds',
        summary: 'The lists that the service fetches by itself',
        description: 'By id. Each becomes the catalogue of its id. How they are configured: docs/polling.md.',
        querystring: NoQuerySchema,
        response: {
          200: answerSchema(
            'All feeds',
            Type.Object({ items: listSchema(FeedSchema, mostRows), page: PageSchema }, { ...closed, title: 'FeedPage' })
          ),
          ...problems('unknown_parameter', 'insufficient_scope')
        }
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const items = (await feedStatuses(catalogues, feeds)).map(({ feed, record, state }) =>
        feedJson(feed, record, state)
      )
      return sendFresh(reply, { items, page: { next: null, cursor: null } })
    }
  )

  app.get(
    '/v1/feeds/:id',
    {
      config: read,
      schema: {
        tags,
        operationId: 'getPolledFeed',
        summary: 'A list that the service fetches: its state, the last fetch and the next',
        description: 'URLs are told without their queries, which may hold secrets.',
        params: FeedParamsSchema,
        querystring: NoQuerySchema,
        response: {
          200: answerSchema('The feed', FeedSchema),
          ...problems('unknown_parameter', 'insufficient_scope', 'not_found')
        }
      }
    },
    async (request, reply) => {
      const { feed, record, state } = await feedStatus(seenBy(context, request).catalogues, feeds, request.params.id)
      return sendFresh(reply, feedJson(feed, record, state))
    }
  )

  app.get(
    '/v1/feeds/:id/held',
    {
      config: { ...read, grows: 'catalogue' },
      schema: {
        tags,
        operationId: 'getHeldChange',
        summary: 'The change that guard rails refused',
        description: 'What they found, and what accepting it would change. 404 where nothing is held.',
        params: FeedParamsSchema,
        querystring: NoQuerySchema,
        response: {
          200: answerSchema('The change', HeldChangeSchema),
          ...problems('unknown_parameter', 'insufficient_scope', 'not_found')
        }
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const { id } = requireFeed(catalogues, feeds, request.params.id)
      const { held, changes } = await heldChange(catalogues, id)
      const { since, content: digest, token, findings } = held
      return sendFresh(reply, {
        since: formatInstant(since),
        digest,
        ...(token !== undefined && { token }),
        findings,
        ...firstChanges(changes)
      })
    }
  )

  app.post(
    '/v1/feeds/:id/held/accept',
    {
      config: { ...write, grows: 'catalogue' },
      schema: {
        ...keyed,
        operationId: 'acceptHeldChange',
        summary: 'Publishes the change that guard rails refused',
        description: 'Exactly as it was shown, with overrides of the rules that refused it.',
        params: FeedParamsSchema,
        querystring: AcceptQuerySchema,
        response: {
          201: answerSchema('The new revision', RevisionWithChangesSchema),
          ...problems(
            'unknown_parameter',
            'invalid_parameter',
            'missing_parameter',
            'cross_site',
            'insufficient_scope',
            'not_found',
            'precondition_failed',
            'conflict',
            ...parserCodes,
            'storage_full'
          )
        }
      }
    },
    async (request, reply) => {
      const { id } = requireFeed(context.catalogues, feeds, request.params.id)
      const { key, query } = request
      const author = key && { author: key.name ?? key.id, authorKey: key.id }
      const published = await acceptHeld(context.catalogues, { id, ...query, ...author })
      const changes = published.kind === 'unchanged' ? [] : published.changes
      const { number } = published.revision
      const diff = `${baseOf(context, request)}/v1/catalogues/${id}/${number === 1 ? 'revisions/1' : `diff?from=${number - 1}&to=${number}`}`
      return sendFresh(reply, revisionWithChangesJson(published.revision, changes, diff), 201)
    }
  )

  app.post(
    '/v1/feeds/:id/fetch',
    {
      config: write,
      schema: {
        ...keyed,
        operationId: 'fetchFeed',
        summary: 'Fetches a list now, whenever it is due',
        description: 'Two who ask at once wait for one fetch. What came of it is in `lastFetch`.',
        params: FeedParamsSchema,
        querystring: NoQuerySchema,
        response: {
          200: answerSchema('The feed after the fetch', FeedSchema),
          ...problems(
            'unknown_parameter',
            'cross_site',
            'insufficient_scope',
            'not_found',
            ...parserCodes,
            'storage_full'
          )
        }
      }
    },
    async (request, reply) => {
      const asked = requireFeed(context.catalogues, feeds, request.params.id)
      if (!poller) throw new PortolanError('not_ready', 'This process fetches no lists.')
      await poller.fetchNow(asked)
      const { feed, record, state } = await feedStatus(context.catalogues, feeds, asked.id)
      return sendFresh(reply, feedJson(feed, record, state))
    }
  )
}
