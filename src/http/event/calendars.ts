import { calendarOf, siteCalendarOf } from '../../catalogue/event/calendar.ts'
import { productName } from '../../catalogue/heads.ts'
import { pointAt, requireHead, requireHeads } from '../../catalogue/read/point.ts'
import { sitePointAt } from '../../catalogue/read/site-point.ts'
import { calendarText } from '../../render/event/calendar.ts'
import { logHeaders } from '../answer/headers.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { baseOf, type RouteContext, seenBy, sendPoint } from '../answer/send-point.ts'
import { subjectHeaders, subjectOf, subjectParams, subjectPaths } from '../request/subject.ts'
import type { App } from '../request/type-provider.ts'
import { lastModified, readHeaders, viewHeaders } from '../schema/header-schema.ts'
import { largestText, textSchema } from '../schema/schema-words.ts'
import { CatalogueParamsSchema, NoQuerySchema, readAnswers } from '../schema/schemas.ts'
import { CataloguesQuerySchema } from './events.ts'

const contentType = 'text/calendar; charset=utf-8'
const body = { content: { 'text/calendar': textSchema(largestText, 'RFC 5545') } }
const description =
  'An event for each transition that the newest revision announces, including past ones. An event keeps its `UID` as long as its instant stays the same; `SEQUENCE` is the number of the revision.'

export function calendarRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/catalogues/:id/calendar.ics',
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getCatalogueCalendar',
        summary: 'The announced transitions of a catalogue, as an iCalendar',
        description,
        tags: ['events'],
        params: CatalogueParamsSchema,
        querystring: NoQuerySchema,
        response: readAnswers('The calendar', body, viewHeaders, [
          'unknown_parameter',
          'insufficient_scope',
          'not_found'
        ])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const { id } = request.params
      const point = await pointAt(catalogues, id, { asOf: { kind: 'newest' } })
      const head = requireHead(catalogues, id)
      return sendPoint(context, request, reply, {
        point,
        query: 'calendar',
        representation: 'ics',
        contentType,
        hasMemento: false,
        hasLinks: true,
        isContentTagged: true,
        render: async () =>
          calendarText(productName(head), await calendarOf(catalogues, [head]), baseOf(context, request), context)
      })
    }
  )

  app.get(
    `${subjectPaths.site}/calendar.ics`,
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getSiteCalendar',
        summary: 'The transitions of what a site needs, over all its catalogues, as an iCalendar',
        description:
          'An event for each transition of the merged rows after the newest revision of the site was published. An event keeps its `UID` as long as its instant stays the same; `SEQUENCE` grows with what is published.',
        tags: ['events'],
        params: subjectParams('site', {}),
        querystring: NoQuerySchema,
        response: readAnswers('The calendar', body, subjectHeaders('site', viewHeaders), [
          'unknown_parameter',
          'insufficient_scope',
          'not_found'
        ])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const point = await sitePointAt(catalogues, subjectOf(request).id, {})
      return sendPoint(context, request, reply, {
        point,
        query: 'calendar',
        representation: 'ics',
        contentType,
        hasMemento: false,
        hasLinks: true,
        isContentTagged: true,
        render: async () =>
          calendarText(point.site.document.title, siteCalendarOf(point), baseOf(context, request), context)
      })
    }
  )

  app.get(
    '/v1/calendar.ics',
    {
      config: { access: 'read', grows: 'catalogues' },
      schema: {
        operationId: 'getCalendar',
        summary: 'The announced transitions of all catalogues, or of some, as an iCalendar',
        description: `${description} At most 1000 events: those furthest in the future.`,
        tags: ['events'],
        querystring: CataloguesQuerySchema,
        response: readAnswers('The calendar', body, { ...readHeaders, 'Last-Modified': lastModified }, [
          'unknown_parameter',
          'invalid_parameter',
          'insufficient_scope',
          'not_found'
        ])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const { heads, store } = catalogues
      const stamp = heads.seq
      const chosen = requireHeads(catalogues, request.query.catalogue)
      const base = baseOf(context, request)
      const recordedAt = Math.max(0, ...chosen.map(({ revision }) => revision.recordedAt))
      return sendAnswer(context, request, reply, {
        contentType,
        representation: 'ics',
        base,
        headers: logHeaders(stamp, store.epoch),
        changed: recordedAt,
        isImmutable: false,
        stamp,
        render: async () =>
          calendarText('What products need from the network', await calendarOf(catalogues, chosen), base, context)
      })
    }
  )
}
