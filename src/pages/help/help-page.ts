import Type from 'typebox'
import { PortolanError } from '../../domain/errors.ts'
import { sharedPage } from '../../http/answer/shared-page.ts'
import { canonicalQuery, sharedClockFields } from '../../http/request/query.ts'
import { closed } from '../../http/schema/schema-words.ts'
import type { WebPage } from '../frame/page.ts'
import { sendListPage } from '../frame/send-page.ts'
import { Guides } from './guides.ts'
import { words } from './words.ts'

const QuerySchema = Type.Object(sharedClockFields, closed)
const ParamsSchema = Type.Object({ guide: Type.String({ maxLength: 100 }) }, closed)

/** The words of the product, and its guides. */
export const helpPage: WebPage = {
  path: '/help',
  link: 'Help',
  routes(app, context) {
    const guides = new Guides()

    app.get('/help', { config: { access: 'read' }, schema: { querystring: QuerySchema } }, async (request, reply) =>
      sendListPage(context, request, reply, {
        page: '/help',
        template: '@help',
        isTimeless: true,
        shared: sharedPage(context, request, request.query, canonicalQuery('/help', {})),
        content: async ({ links }) => ({
          title: 'Help',
          words,
          guides: guides.list().map(({ name, title }) => ({ title, href: links.plain(`/help/${name}`) }))
        })
      })
    )

    app.get(
      '/help/:guide',
      { config: { access: 'read' }, schema: { params: ParamsSchema, querystring: QuerySchema } },
      async (request, reply) => {
        const found = await guides.find(request.params.guide)
        if (!found) throw new PortolanError('not_found', `There is no guide ${request.params.guide}: /help lists them.`)
        return sendListPage(context, request, reply, {
          page: '/help',
          template: '@guide',
          isTimeless: true,
          shared: sharedPage(context, request, request.query, canonicalQuery(`/help/${request.params.guide}`, {})),
          content: async ({ links }) => ({ ...found, index: links.plain('/help') })
        })
      }
    )
  }
}
