import Type from 'typebox'
import { productNameIn } from '../../catalogue/heads.ts'
import { nearWords } from '../../catalogue/lookup/near-words.ts'
import { type SearchHit, search } from '../../catalogue/lookup/search.ts'
import { sharedPage, sharedPageLinks } from '../../http/answer/shared-page.ts'
import { canonicalQuery, pageFields, sharedClockFields } from '../../http/request/query.ts'
import { closed } from '../../http/schema/schema-words.ts'
import { clockEntries } from '../frame/clock-entries.ts'
import type { Links } from '../frame/links.ts'
import type { WebPage } from '../frame/page.ts'
import { sendListPage } from '../frame/send-page.ts'
import { markedWords } from './marked-words.ts'

const QuerySchema = Type.Object(
  { q: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })), ...sharedClockFields, ...pageFields },
  closed
)

/** Catalogues, requirements and endpoints by text. */
export const searchPage: WebPage = {
  path: '/search',
  link: 'Search',
  routes(app, context) {
    const page = { page: '/search', template: '@search' } as const
    app.get(
      '/search',
      { config: { access: 'read', grows: 'catalogues' }, schema: { querystring: QuerySchema } },
      async (request, reply) => {
        const { query } = request
        const q = query.q?.trim() ?? ''
        const shared = sharedPage(context, request, query, canonicalQuery('/search', query))
        const { catalogues, clocks } = shared
        const clockFields = clockEntries(query)
        if (q === '') {
          const content = async () => ({ title: 'Search', text: '', clockFields, groups: [] })
          return sendListPage(context, request, reply, { ...page, shared, content })
        }
        const { hits, hasMore, validUntil } = await search(catalogues, q, clocks, shared)
        const productOf = (catalogue: string) => productNameIn(catalogues.heads, catalogue)
        const { next } = sharedPageLinks(context, request, shared, hasMore).page
        return sendListPage(context, request, reply, {
          ...page,
          twin: '/v1/search',
          shared,
          validUntil,
          content: async ({ links }) => {
            const near = hits.length === 0 ? await nearWords(catalogues, q) : undefined
            return {
              title: `Search for ${q.slice(0, 100)}`,
              text: q,
              clockFields,
              groups: groupsOf(hits, q.split(/\s+/), productOf, links),
              isEmpty: hits.length === 0,
              count: catalogues.heads.all().length,
              ...(near !== undefined && { near: { text: near, href: links.across('/search', { q: near }) } }),
              ...(next !== null && { next })
            }
          }
        })
      }
    )
  }
}

const groups = [
  ['catalogue', 'Catalogues'],
  ['requirement', 'Requirements'],
  ['endpoint', 'Endpoints']
] as const satisfies readonly (readonly [SearchHit['type'], string])[]

function groupsOf(
  hits: readonly SearchHit[],
  words: readonly string[],
  productOf: (catalogue: string) => string,
  links: Links
) {
  return groups
    .map(([type, title]) => ({
      title,
      hits: hits.filter((hit) => hit.type === type).map((hit) => hitLine(hit, words, productOf, links))
    }))
    .filter((group) => group.hits.length > 0)
}

function hitLine(hit: SearchHit, words: readonly string[], productOf: (catalogue: string) => string, links: Links) {
  const paper = links.across(`/c/${hit.catalogue}`)
  const [text, href, place] =
    hit.type === 'catalogue'
      ? [hit.title, paper, productOf(hit.catalogue)]
      : hit.type === 'requirement'
        ? [hit.title, `${paper}#${hit.requirement}`, productOf(hit.catalogue)]
        : [endpointName(hit), `${paper}#${hit.requirement}`, `${hit.title}, ${productOf(hit.catalogue)}`]
  const shown = ['title', 'value']
  const fields = hit.fields.filter((field) => !shown.includes(field))
  return {
    parts: markedWords(text, words),
    href,
    place: markedWords(place, words),
    fields: fields.join(', '),
    ...(hit.type === 'endpoint' && {
      status: hit.endpoint.status,
      statusHref: `${links.plain('/')}#${hit.endpoint.status}`
    })
  }
}

function endpointName({ endpoint }: Extract<SearchHit, { readonly type: 'endpoint' }>): string {
  if (endpoint.kind === 'role') return endpoint.title
  return endpoint.kind === 'any' ? 'any address' : endpoint.value
}
