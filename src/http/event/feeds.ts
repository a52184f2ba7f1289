import { feedOf } from '../../catalogue/event/feed.ts'
import { pointAt, requireHead, requireHeads } from '../../catalogue/read/point.ts'
import { sitePointAt } from '../../catalogue/read/site-point.ts'
import { atomFeed } from '../../render/event/atom.ts'
import { logHeaders } from '../answer/headers.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { baseOf, type RouteContext, seenBy, sendPoint } from '../answer/send-point.ts'
import { queryString } from '../request/query.ts'
import { subjectHeaders, subjectOf, subjectParams, subjectPaths } from '../request/subject.ts'
import type { App } from '../request/type-provider.ts'
import { lastModified, readHeaders, viewHeaders } from '../schema/header-schema.ts'
import { largestText, textSchema } from '../schema/schema-words.ts'
import { CatalogueParamsSchema, NoQuerySchema, readAnswers } from '../schema/schemas.ts'
import { CataloguesQuerySchema } from './events.ts'

const contentType = 'application/atom+xml; charset=utf-8'
const body = { content: { 'application/atom+xml': textSchema(largestText, 'RFC 4287') } }
const description =
  'For feed readers: the newest 50 events, newest first. Programs read `/v1/events`, which has all of them.'

export function feedRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/catalogues/:id/feed.atom',
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getCatalogueFeed',
        summary: 'What happened to a catalogue, as an Atom feed',
        description,
        tags: ['events'],
        params: CatalogueParamsSchema,
        querystring: NoQuerySchema,
        response: readAnswers('The feed', body, viewHeaders, ['unknown_parameter', 'insufficient_scope', 'not_found'])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const { id } = request.params
      const point = await pointAt(catalogues, id, { asOf: { kind: 'newest' } })
      const head = requireHead(catalogues, id)
      const path = `/v1/catalogues/${head.revision.catalogue}/feed.atom`
      const feed = await feedOf(catalogues, { path, title: head.title }, { catalogues: [id] })
      return sendPoint(context, request, reply, {
        point,
        changed: feed.updated,
        query: 'feed',
        representation: 'atom',
        contentType,
        hasMemento: false,
        hasLinks: true,
        // The clock adds events too, which a tag made from the point does not cover.
        isContentTagged: true,
        render: async () => atomFeed(feed, baseOf(context, request), context)
      })
    }
  )

  app.get(
    `${subjectPaths.site}/feed.atom`,
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getSiteFeed',
        summary: 'What happened to a site and to the catalogues that it takes, as an Atom feed',
        description,
        tags: ['events'],
        params: subjectParams('site', {}),
        querystring: NoQuerySchema,
        response: readAnswers('The feed', body, subjectHeaders('site', viewHeaders), [
          'unknown_parameter',
          'insufficient_scope',
          'not_found'
        ])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      // An event of a catalogue that the site pins is told, too, though it leads to no other point.
      const allStamp = catalogues.heads.seq
      const { id } = subjectOf(request)
      const point = await sitePointAt(catalogues, id, {})
      const { title, catalogues: taken } = point.site.document
      const feed = await feedOf(
        catalogues,
        { path: `/v1/sites/${id}/feed.atom`, title },
        { sites: [id], catalogues: taken.map((each) => each.id) }
      )
      return sendPoint(context, request, reply, {
        point,
        allStamp,
        changed: feed.updated,
        query: 'feed',
        representation: 'atom',
        contentType,
        hasMemento: false,
        hasLinks: true,
        isContentTagged: true,
        render: async () => atomFeed(feed, baseOf(context, request), context)
      })
    }
  )

  app.get(
    '/v1/feed.atom',
    {
      config: { access: 'read', grows: 'catalogues' },
      schema: {
        operationId: 'getFeed',
        summary: 'What happened to all catalogues, or to some, as an Atom feed',
        description,
        tags: ['events'],
        querystring: CataloguesQuerySchema,
        response: readAnswers('The feed', body, { ...readHeaders, 'Last-Modified': lastModified }, [
          'unknown_parameter',
          'invalid_parameter',
          'insufficient_scope',
          'not_found'
        ])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const stamp = catalogues.heads.seq
      const base = baseOf(context, request)
      const { catalogue } = request.query
      const ids = catalogue && requireHeads(catalogues, catalogue).map(({ revision }) => revision.catalogue)
      const path = `/v1/feed.atom${queryString({ catalogue: ids }, {})}`
      const feed = await feedOf(
        catalogues,
        { path, title: 'What products need from the network' },
        ids && { catalogues: ids }
      )
      return sendAnswer(context, request, reply, {
        contentType,
        representation: 'atom',
        base,
        headers: logHeaders(stamp, feed.epoch),
        changed: feed.updated,
        isImmutable: false,
        stamp,
        render: async () => atomFeed(feed, base, context)
      })
    }
  )
}
