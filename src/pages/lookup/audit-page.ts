import Type, { type Static } from 'typebox'
import { productName, productNameIn } from '../../catalogue/heads.ts'
import { auditEntries } from '../../catalogue/lookup/audit.ts'
import { listedHeadsAt } from '../../catalogue/read/catalogue-list.ts'
import { requireHead } from '../../catalogue/read/point.ts'
import { auditHalves } from '../../domain/lookup/audit-missing.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { sharedPage } from '../../http/answer/shared-page.ts'
import { canonicalQuery, filterFields, queryString, sharedClockFields } from '../../http/request/query.ts'
import { closed, oneOfWords } from '../../http/schema/schema-words.ts'
import type { PageFrame } from '../frame/frame.ts'
import type { WebPage } from '../frame/page.ts'
import { sendListPage, sendUnkeptPage } from '../frame/send-page.ts'
import { filterForm } from '../paper/filter-form.ts'
import { auditResult } from './audit-result.ts'
import { pastedEntries } from './pasted-entries.ts'

/** The most bytes of a form, as of the body of an audit. */
const bodyLimit = 32 * 1_048_576

const IdSchema = Type.String({ minLength: 1, maxLength: 200 })
const chosenFields = {
  by: Type.Optional(oneOfWords(auditHalves, 'Which half of what belongs together is enough'))
}
const QuerySchema = Type.Object(
  {
    catalogue: Type.Optional(Type.Array(IdSchema, { maxItems: 1000 })),
    ...chosenFields,
    ...sharedClockFields,
    ...filterFields
  },
  closed
)
/** A form sends one value as a text, and several as a list. */
const FormSchema = Type.Object(
  {
    entries: Type.Optional(Type.String({ maxLength: bodyLimit })),
    catalogue: Type.Optional(Type.Union([Type.Literal(''), IdSchema, Type.Array(IdSchema, { maxItems: 1000 })])),
    ...chosenFields
  },
  closed
)
type Chosen = Pick<Static<typeof QuerySchema>, 'catalogue' | 'by'>

/** What a firewall lets through, compared with what the catalogues need. It stores nothing. */
export const auditFormPage: WebPage = {
  path: '/audit',
  link: 'Audit',
  routes(app, context) {
    const page = { page: '/audit', template: '@audit' } as const

    app.get('/audit', { config: { access: 'read' }, schema: { querystring: QuerySchema } }, async (request, reply) => {
      const { query } = request
      const shared = sharedPage(context, request, query, canonicalQuery('/audit', query))
      const heads = shared.catalogues.heads.all()
      const content = async (frame: PageFrame) => ({ title: 'Audit', ...formOf(frame, query, heads, query, '') })
      return sendListPage(context, request, reply, { ...page, shared, content })
    })

    app.post(
      '/audit',
      {
        bodyLimit,
        config: { access: 'read', grows: 'body', isForm: true },
        schema: { querystring: QuerySchema, body: FormSchema }
      },
      async (request, reply) => {
        const { query, body } = request
        const { entries: text = '' } = body
        const { catalogue, by } = chosenIn(query, body)
        const shared = sharedPage(context, request, query, canonicalQuery('/audit', query))
        const { catalogues, clocks } = shared
        for (const id of catalogue ?? []) requireHead(catalogues, id)
        const heads = await listedHeadsAt(catalogues, clocks)
        const { entries, lineOf } = pastedEntries(text)
        const audited = heads
          .map(({ revision }) => revision)
          .filter((revision) => catalogue === undefined || catalogue.includes(revision.catalogue))
        const { catalogue: _, by: __, asOf: ___, effectiveAt: ____, ...filters } = query
        const audit = await auditEntries(catalogues, {
          ...entries,
          revisions: audited,
          instant: clocks.instant,
          filter: filterOf(filters),
          ...(by && { by })
        })
        return sendUnkeptPage(context, request, reply, {
          ...page,
          content: async (frame) => {
            const productOf = (id: string) => productNameIn(catalogues.heads, id)
            const hrefOf = (id: string, requirement: string) => `${frame.links.across(`/c/${id}`)}#${requirement}`
            return {
              title: 'Audit',
              ...formOf(
                frame,
                query,
                catalogues.heads.all(),
                { ...(catalogue && { catalogue }), ...(by && { by }) },
                text
              ),
              ...(text.trim() === '' ? {} : { result: auditResult(audit, { productOf, hrefOf, lineOf }) })
            }
          }
        })
      }
    )
  }
}

/** What the form says counts, and else what its URL says. */
function chosenIn(query: Chosen, { catalogue, by = query.by }: Static<typeof FormSchema>): Chosen {
  const ids = catalogue === undefined ? query.catalogue : [catalogue].flat().filter((id) => id !== '')
  return { ...(ids && ids.length > 0 && { catalogue: ids }), ...(by && { by }) }
}

function formOf(
  { links }: PageFrame,
  query: Static<typeof QuerySchema>,
  heads: readonly (Parameters<typeof productName>[0] & { readonly revision: { readonly catalogue: string } })[],
  { catalogue = [], by = 'either' }: Chosen,
  text: string
) {
  const { catalogue: _, by: __, ...kept } = query
  return {
    action: links.plain('/audit') + queryString(kept, {}),
    text,
    filters: filterForm(query),
    catalogues: heads.map((head) => ({
      id: head.revision.catalogue,
      name: productName(head),
      isChosen: catalogue.includes(head.revision.catalogue)
    })),
    isAll: catalogue.length === 0,
    halves: auditHalves.map((value) => ({ value, isChosen: value === by }))
  }
}
