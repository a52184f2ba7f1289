import Type from 'typebox'
import { timelineEntries, timelineLines } from '../../catalogue/history/timeline.ts'
import { mementoInstant } from '../../catalogue/read/point.ts'
import type { TimelineEntry } from '../../domain/event/timeline.ts'
import { formatInstant, readInstant } from '../../domain/time/instant.ts'
import { pagedPoint } from '../../http/answer/paging.ts'
import { seenBy } from '../../http/answer/send-point.ts'
import { canonicalQuery, clockFields, cursorAfter, pageFields } from '../../http/request/query.ts'
import { closed } from '../../http/schema/schema-words.ts'
import { CatalogueParamsSchema } from '../../http/schema/schemas.ts'
import type { Links } from '../frame/links.ts'
import type { WebPage } from '../frame/page.ts'
import { sendCataloguePage } from '../frame/send-page.ts'
import { countsText } from '../template/counts-text.ts'
import { dateTime } from '../template/date-text.ts'
import { timelineDrawing } from './timeline-drawing.ts'

const path = '/c/:id/timeline'

/** Issues and transitions by time, drawn and as a table, the newest first. */
export const timelinePage: WebPage = {
  path,
  link: 'Timeline',
  routes(app, context) {
    app.get(
      path,
      {
        config: { access: 'read', grows: 'catalogue' },
        schema: {
          params: CatalogueParamsSchema,
          querystring: Type.Object({ ...clockFields, ...pageFields }, closed)
        }
      },
      async (request, reply) => {
        const seen = seenBy(context, request)
        const { query } = request
        const { id } = request.params
        const { point, offset, limit, run } = await pagedPoint(seen, id, query, canonicalQuery(path, query))
        return sendCataloguePage(context, request, reply, {
          page: path,
          template: '@timeline',
          twin: `/v1/catalogues/${id}/timeline`,
          point,
          part: `${offset} ${limit}`,
          content: async ({ links }) => {
            const lines = await timelineLines(seen.catalogues, point.revision)
            const end = Math.max(0, lines.length - offset)
            const part = lines.slice(Math.max(0, end - limit), end)
            const entries = await timelineEntries(seen.catalogues, part, point.instant)
            const drawing = timelineDrawing(entries)
            const state = { point: point.revision.number, instant: mementoInstant(point), offset: offset + limit }
            return {
              title: 'Timeline',
              id,
              ...(drawing && { drawing, desc: descriptionOf(entries) }),
              rows: [...entries].reverse().map((entry) => rowOf(id, entry, links)),
              ...(end > limit && {
                earlier: links.to(`/c/${id}/timeline`, { ...query, cursor: cursorAfter(run, state) })
              })
            }
          }
        })
      }
    )
  }
}

function descriptionOf(entries: readonly TimelineEntry[]): string {
  const issues = entries.filter(({ kind }) => kind === 'revision').length
  const turns = entries.length - issues
  const announced = entries.filter(({ state }) => state === 'announced').length
  return `Issues: ${issues}. Transitions: ${turns}, of which ${announced} are announced. The table below says the same.`
}

function rowOf(id: string, { at, kind, state, revision, summary, reason, counts }: TimelineEntry, links: Links) {
  const { number, label } = revision
  const instant = readInstant(at)
  return {
    date: dateTime(at),
    label,
    isIssue: kind === 'revision',
    isAnnounced: state === 'announced',
    summary,
    ...(reason !== undefined && { reason }),
    counts: countsText(counts),
    document: links.plain(`/c/${id}`, { asOf: number, effectiveAt: at }),
    ...(kind === 'transition' && {
      diff: links.plain(`/c/${id}/diff`, {
        from: number,
        fromEffectiveAt: formatInstant(instant - 1),
        to: number,
        toEffectiveAt: at
      })
    }),
    ...(kind === 'revision' && number > 1 && { diff: links.plain(`/c/${id}/diff`, { from: number - 1, to: number }) })
  }
}
