import Type from 'typebox'
import { changePackOf } from '../../catalogue/change-pack/change-pack.ts'
import { loadDocument } from '../../catalogue/read/document.ts'
import { pointAt } from '../../catalogue/read/point.ts'
import { viewOf } from '../../catalogue/read/view.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { seenBy } from '../../http/answer/send-point.ts'
import { clockFields, clocksOfQuery } from '../../http/request/query.ts'
import { closed } from '../../http/schema/schema-words.ts'
import { CatalogueParamsSchema } from '../../http/schema/schemas.ts'
import { clockEntries } from '../frame/clock-entries.ts'
import type { WebPage } from '../frame/page.ts'
import { sendCataloguePage } from '../frame/send-page.ts'
import { dateTime } from '../template/date-text.ts'
import { todoContent } from './todo-content.ts'
import { todoSpan } from './todo-span.ts'

const path = '/c/:id/todo'

/** What a firewall has to do, until when, and what its owner has to decide. */
export const todoPage: WebPage = {
  path,
  link: 'To do',
  routes(app, context) {
    app.get(
      path,
      {
        config: { access: 'read', grows: 'catalogue' },
        schema: {
          params: CatalogueParamsSchema,
          querystring: Type.Object(
            { ...clockFields, since: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) },
            closed
          )
        }
      },
      async (request, reply) => {
        const { catalogues } = seenBy(context, request)
        const { query } = request
        const { id } = request.params
        const allStamp = catalogues.heads.seq
        const point = await pointAt(catalogues, id, clocksOfQuery(query))
        const { span, parameters } = await todoSpan(catalogues, query.since, point, query.asOf === undefined)
        const { store, cache, heads } = catalogues
        // The clock of the page takes the place of that of the process.
        const seen = { store, cache, heads, now: () => point.instant }
        const pack = await changePackOf(seen, id, { span, filter: {}, written: { filters: {} } })
        const twin = `/v1/catalogues/${id}/change-pack`
        return sendCataloguePage(context, request, reply, {
          page: path,
          template: '@todo',
          twin,
          point,
          allStamp,
          twinPins: { asOf: undefined, effectiveAt: undefined, since: undefined, ...parameters },
          content: async ({ links }) => {
            const document = await loadDocument(catalogues, pack.to)
            const content = todoContent(pack, document, await viewOf(catalogues, point, {}), links)
            const { open, close, decide } = content
            const { validUntil } = point.interval
            return {
              title: 'To do',
              ...content,
              action: links.plain(`/c/${id}/todo`),
              asked: query,
              clocks: clockEntries(query),
              from: { label: pack.from.label, at: dateTime(pack.since) },
              to: pack.to.label,
              isNothing: open.length + close.length + decide.length === 0,
              ...(validUntil !== undefined && { next: dateTime(validUntil) }),
              transitions: pack.to.transitions.map(formatInstant),
              markdown: links.plain(twin, { ...parameters, format: 'markdown' }),
              calendar: links.plain(`/v1/catalogues/${id}/calendar.ics`),
              pack: pack.id
            }
          }
        })
      }
    )
  }
}
