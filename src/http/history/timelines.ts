import { siteTimelineOf } from '../../catalogue/history/site-timeline.ts'
import { timelineOf } from '../../catalogue/history/timeline.ts'
import { nextPage, subjectPage } from '../answer/paging.ts'
import { type RouteContext, seenBy, sendPoint } from '../answer/send-point.ts'
import { canonicalQuery, clockFields, pageFields } from '../request/query.ts'
import {
  ofSubject,
  subjectClocksQuery,
  subjectHeaders,
  subjectKinds,
  subjectOf,
  subjectParams,
  subjectPaths
} from '../request/subject.ts'
import type { App } from '../request/type-provider.ts'
import { viewHeaders } from '../schema/header-schema.ts'
import { pageCodes, pageSchema, readAnswers, readCodes } from '../schema/schemas.ts'
import { SiteTimelineEntrySchema, TimelineEntrySchema } from '../schema/timeline-schema.ts'

const about = {
  catalogue: { operationId: 'getTimeline', page: pageSchema(TimelineEntrySchema, 'TimelinePage') },
  site: { operationId: 'getSiteTimeline', page: pageSchema(SiteTimelineEntrySchema, 'SiteTimelinePage') }
} as const

export function timelineRoutes(app: App, context: RouteContext): void {
  for (const kind of subjectKinds)
    app.get(
      `${subjectPaths[kind]}/timeline`,
      {
        config: { access: 'read', grows: 'catalogue' },
        schema: {
          operationId: about[kind].operationId,
          summary: ofSubject(
            kind,
            'The change history as people read it: revisions, and the transitions that happened or are announced'
          ),
          description:
            'Ascending. A transition belongs to the revision that was the newest when it happened, and lists the endpoints that it activates or retires.',
          tags: ['history'],
          params: subjectParams(kind, {}),
          querystring: subjectClocksQuery(kind, { ...clockFields, ...pageFields }),
          response: readAnswers('A page of the history', about[kind].page, subjectHeaders(kind, viewHeaders), [
            ...readCodes,
            ...pageCodes
          ])
        }
      },
      async (request, reply) => {
        const seen = seenBy(context, request)
        const query = canonicalQuery('timeline', request.query)
        const paged = await subjectPage(seen, subjectOf(request), request.query, query)
        const { point, offset, limit } = paged
        const { entries, total } = point.site
          ? await siteTimelineOf(seen.catalogues, point, { offset, limit })
          : await timelineOf(seen.catalogues, point.revision, point.instant, { offset, limit })
        const { page, link } = nextPage(context, request, paged, total)
        return sendPoint(context, request, reply, {
          point,
          query: `${query}\n${offset}\n${limit}`,
          representation: 'json',
          contentType: 'application/json; charset=utf-8',
          pins: { cursor: request.query.cursor },
          link,
          hasLinks: true,
          // The tag covers only the transitions of this revision, and earlier revisions have others.
          isContentTagged: true,
          render: async () => JSON.stringify({ items: entries, page })
        })
      }
    )
}
