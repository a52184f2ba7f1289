import Type from 'typebox'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { type Comparison, compare } from '../../catalogue/history/compare.ts'
import { type CataloguePoint, pointAt } from '../../catalogue/read/point.ts'
import { type Change, countChanges } from '../../domain/change/change.ts'
import type { ComparedSide } from '../../domain/change/diff.ts'
import { baseOf, seenBy } from '../../http/answer/send-point.ts'
import {
  changeLimitOf,
  changePageFields,
  clockFields,
  clocksOfQuery,
  cursorAfter,
  cursorOf,
  queryString
} from '../../http/request/query.ts'
import { closed } from '../../http/schema/schema-words.ts'
import { CatalogueParamsSchema } from '../../http/schema/schemas.ts'
import type { WebPage } from '../frame/page.ts'
import { sendCataloguePage } from '../frame/send-page.ts'
import { countsText } from '../template/counts-text.ts'
import { dateTime } from '../template/date-text.ts'
import { byImpact, changeGroups, impactSentence } from './change-groups.ts'
import { askedSides, intervalOf, sidePins } from './compared-sides.ts'
import { diffMarkdown } from './diff-markdown.ts'

const path = '/c/:id/diff'
const side = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }))

/** What is different between two issues, or between two views, by what it means for a firewall. */
export const diffPage: WebPage = {
  path,
  link: 'Differences',
  routes(app, context) {
    app.get(
      path,
      {
        config: { access: 'read', grows: 'catalogue' },
        schema: {
          params: CatalogueParamsSchema,
          querystring: Type.Object(
            { ...clockFields, from: side, to: side, fromEffectiveAt: side, toEffectiveAt: side, ...changePageFields },
            closed
          )
        }
      },
      async (request, reply) => {
        const { catalogues } = seenBy(context, request)
        const issueAt = (number: number) => pointAt(catalogues, request.params.id, { asOf: { kind: 'number', number } })
        const { query } = request
        const { id } = request.params
        const now = await pointAt(catalogues, id, clocksOfQuery(query))
        const asked = askedSides(query, now)
        const comparison = await compare(catalogues, id, asked.from.comparand, asked.to.comparand)
        const pins = sidePins(asked, comparison)
        const run = JSON.stringify([path, id, pins])
        const offset = cursorOf(query, run)?.offset ?? 0
        const limit = changeLimitOf(query)
        const isPinned = comparison.isImmutable && (query.to !== undefined || now.isPinned)
        const [from, to] = [comparison.from.revision.number, comparison.to.revision.number]
        const { revision } = await issueAt(to)
        const { seq } = await issueAt(Math.max(from, to))
        const point: CataloguePoint = {
          ...now,
          revision,
          seq,
          interval: intervalOf(asked, comparison),
          isPinned,
          isTimed: isPinned
        }
        return sendCataloguePage(context, request, reply, {
          page: path,
          template: '@diff',
          twin: `/v1/catalogues/${id}/diff`,
          point,
          part: `${offset} ${limit}`,
          pins,
          content: async ({ links }) => {
            const { from, to, edition, changes } = comparison
            const shown = byImpact(changes).slice(offset, offset + limit)
            const isLast = offset + limit >= changes.length
            const groups = changeGroups(
              shown,
              await titlesOf(catalogues, comparison, shown),
              isLast ? edition : undefined
            )
            const between = `From ${sideText(from, asked.from.isNow)} to ${sideText(to, asked.to.isNow)}`
            const sentence = sentenceOf(between, comparison)
            const url = `${baseOf(context, request)}/c/${id}/diff${queryString({}, pins)}`
            const state = { point: to.revision.number, instant: 0, offset: offset + limit }
            return {
              title: 'Differences',
              id,
              action: links.plain(`/c/${id}/diff`),
              asked: query,
              hasInstants: query.fromEffectiveAt !== undefined || query.toEffectiveAt !== undefined,
              sentence,
              groups,
              document: links.plain(`/c/${id}`, { asOf: to.revision.number }),
              ...(groups.length > 0 && { markdown: diffMarkdown(sentence, groups, url) }),
              ...(!isLast && {
                next: links.plain(`/c/${id}/diff`, { limit: query.limit, ...pins, cursor: cursorAfter(run, state) })
              })
            }
          }
        })
      }
    )
  }
}

function sideText({ revision, effectiveAt }: ComparedSide, isNow: boolean): string {
  const issue = `issue ${revision.label}`
  if (effectiveAt === undefined) return issue
  return isNow ? `${issue} as it stands now` : `${issue} as it stands on ${dateTime(effectiveAt).text}`
}

function sentenceOf(between: string, { from, to, changes, edition }: Comparison): string {
  if (changes.length === 0 && !edition)
    return from.revision.number === to.revision.number && to.revision.number === 1 && to.effectiveAt === undefined
      ? 'Nothing is different: there is one issue only.'
      : `${between}: nothing is different.`
  if (changes.length === 0) return `${between}: only what the issue says of itself is different.`
  return `${between}: ${impactSentence(changes)}. Rows of the catalogue: ${countsText(countChanges(changes))}.`
}

/** The titles of the requirements that changed, as they are after the change, or were before it. */
async function titlesOf(
  { store }: Pick<Catalogues, 'store'>,
  { from, to }: Comparison,
  changes: readonly Change[]
): Promise<ReadonlyMap<string, string>> {
  const keys = [...new Set(changes.flatMap(({ requirement }) => (requirement === undefined ? [] : [requirement])))]
  const titles = new Map<string, string>()
  for (const { catalogue, number } of [from.revision, to.revision]) {
    const { requirements } = await store.documentPart(catalogue, number, keys)
    for (const { key, title } of requirements) titles.set(key, title)
  }
  return titles
}
