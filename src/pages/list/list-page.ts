import Type from 'typebox'
import { changesToCome } from '../../catalogue/history/changes-to-come.ts'
import { listCatalogues, listedHeadsAt } from '../../catalogue/read/catalogue-list.ts'
import { dayMs } from '../../domain/time/duration.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { sharedPage } from '../../http/answer/shared-page.ts'
import { canonicalQuery, cursorAfter, pageFields, sharedClockFields } from '../../http/request/query.ts'
import { closed } from '../../http/schema/schema-words.ts'
import type { Head } from '../../store/store.ts'
import type { WebPage } from '../frame/page.ts'
import { sendListPage } from '../frame/send-page.ts'
import { listContent } from './list-content.ts'

/** What comes within so many days stands first. */
const soonMs = 30 * dayMs

const QuerySchema = Type.Object({ ...sharedClockFields, ...pageFields }, closed)

/** All catalogues, and what will change in them. */
export const listPage: WebPage = {
  path: '/',
  link: 'Catalogues',
  routes(app, context) {
    app.get(
      '/',
      { config: { access: 'read', grows: 'catalogues' }, schema: { querystring: QuerySchema } },
      async (request, reply) => {
        const shared = sharedPage(context, request, request.query, canonicalQuery('/', request.query))
        const { catalogues, clocks, offset, limit, run } = shared
        const heads = await listedHeadsAt(catalogues, clocks)
        const soon = clocks.instant + soonMs
        return sendListPage(context, request, reply, {
          page: '/',
          template: '@list',
          twin: '/v1/catalogues',
          shared,
          validUntil: nextMove(heads, clocks.instant),
          content: async ({ links }) => {
            const { items, total } = listCatalogues(heads, clocks.instant, shared)
            const changes = await changesToCome(catalogues, heads, clocks.instant)
            const state = { point: clocks.seq, instant: clocks.instant, offset: offset + limit }
            return listContent({
              items,
              soon: changes.filter(({ turn }) => turn.instant <= soon),
              later: changes.filter(({ turn }) => turn.instant > soon),
              links,
              ...(state.offset < total && {
                next: links.to('/', { ...request.query, cursor: cursorAfter(run, state) })
              })
            })
          }
        })
      }
    )
  }
}

/** When the clock changes the page next: a transition happens, or it becomes one of those that come soon. */
function nextMove(heads: readonly Head[], now: Instant): Instant | undefined {
  const moves = heads.flatMap(({ revision }) => revision.transitions.flatMap((at) => [at - soonMs, at]))
  const ahead = moves.filter((at) => at > now)
  return ahead.length === 0 ? undefined : ahead.reduce((first, at) => Math.min(first, at))
}
