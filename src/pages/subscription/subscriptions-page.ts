import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { listDeliveries, listSubscriptions, requireSubscription } from '../../catalogue/webhook/subscriptions.ts'
import { requireScope } from '../../domain/key.ts'
import { limitOf, pageFields, seekCursorAfter, seekCursorOf } from '../../http/request/query.ts'
import { closed } from '../../http/schema/schema-words.ts'
import { NoQuerySchema } from '../../http/schema/schemas.ts'
import { SubscriptionParamsSchema } from '../../http/schema/subscription-schema.ts'
import { frameOf } from '../frame/frame.ts'
import { Links } from '../frame/links.ts'
import type { PageContext, WebPage } from '../frame/page.ts'
import { pageSecurity } from '../frame/page-headers.ts'
import { pagePrefix } from '../frame/prefix.ts'
import { dateTime } from '../template/date-text.ts'

const path = '/subscriptions'

/** The webhooks of the key that opened the page, and what was sent to each. It only reads. */
export const subscriptionsPage: WebPage = {
  path,
  link: 'Subscriptions',
  routes(app, context) {
    const { catalogues } = context

    app.get(
      path,
      { config: { access: 'subscriptions:write' }, schema: { querystring: NoQuerySchema } },
      async (request, reply) => {
        const links = new Links(pagePrefix(context, request), {})
        const all = await listSubscriptions(catalogues, requireScope(request.key, 'subscriptions:write'))
        return sendPrivatePage(context, request, reply, '@subscriptions', {
          title: 'Subscriptions',
          items: all.map(({ id, url, description, state, stateSince, cursor, matched }) => ({
            url,
            href: links.plain(`${path}/${id}`),
            description,
            state,
            since: dateTime(stateSince),
            cursor,
            matched
          }))
        })
      }
    )

    app.get(
      `${path}/:id`,
      {
        config: { access: 'subscriptions:write' },
        schema: { params: SubscriptionParamsSchema, querystring: Type.Object(pageFields, closed) }
      },
      async (request, reply) => {
        const { id } = request.params
        const links = new Links(pagePrefix(context, request), {})
        const key = requireScope(request.key, 'subscriptions:write')
        const { url, description, state, stateSince, stateReason, cursor, matched } = await requireSubscription(
          catalogues,
          key,
          id
        )
        const run = `deliveries\n${id}`
        const [before, limit] = [seekCursorOf(request.query, run)?.seen, limitOf(request.query)]
        const found = await listDeliveries(catalogues, key, id, {
          ...(before !== undefined && { before }),
          limit: limit + 1
        })
        const shown = found.slice(0, limit)
        const last = found.length > limit ? shown.at(-1) : undefined
        return sendPrivatePage(context, request, reply, '@subscription', {
          title: 'Subscription',
          url,
          description,
          state,
          stateReason,
          since: dateTime(stateSince),
          cursor,
          matched,
          all: links.plain(path),
          deliveries: shown.map(({ at, ...delivery }) => ({ ...delivery, date: dateTime(at) })),
          ...(last && {
            earlier: links.plain(`${path}/${id}`, {
              limit: request.query.limit,
              cursor: seekCursorAfter(run, { seen: last.number })
            })
          })
        })
      }
    )
  }
}

/** Answers with a page that is for one key alone, and that nobody keeps. */
function sendPrivatePage(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  template: `@${string}`,
  content: { readonly title: string } & Readonly<Record<string, unknown>>
): FastifyReply {
  const frame = frameOf(context, { prefix: pagePrefix(context, request), title: content.title, current: path })
  return reply
    .headers({ ...pageSecurity, 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(context.templates.render(template, { ...content, frame }))
}
