import type { FastifyReply, FastifyRequest } from 'fastify'
import { loadDocument } from '../../catalogue/read/document.ts'
import { parseAuthoredTime } from '../../domain/time/authored-time.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { pathOf, queryOf, seenBy } from '../../http/answer/send-point.ts'
import { queryString } from '../../http/request/query.ts'
import type { PageContext } from './page.ts'
import { pagePrefix } from './prefix.ts'

/** The parameters that take an instant. */
const clocks: readonly string[] = ['asOf', 'effectiveAt', 'from', 'to', 'fromEffectiveAt', 'toEffectiveAt', 'since']

/** A day, or a time of a day without an offset. */
const dateWithoutZone = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/

/**
 * Leads from what people write to the URL of the page: a field of a form that was left empty is no parameter, and a date stands for its first
 * instant in the time zone of the catalogue.
 */
export function tidyQuery(context: PageContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
    const query = queryOf(request)
    const dates = Object.entries(query).filter(
      ([name, value]) => clocks.includes(name) && typeof value === 'string' && dateWithoutZone.test(value)
    )
    const empty = Object.entries(query).filter(([, value]) => value === '')
    if (dates.length + empty.length === 0) return undefined
    const zone = dates.length === 0 ? 'UTC' : await timeZoneOf(context, request)
    const changes = Object.fromEntries([
      ...empty.map(([name]) => [name, undefined]),
      ...dates.flatMap(([name, value]) => {
        const moment = parseAuthoredTime(String(value).slice(0, 10), zone)
        return 'fault' in moment ? [] : [[name, formatInstant(moment.instant)]]
      })
    ])
    // Of a date that is in no calendar the page itself says so.
    if (Object.keys(changes).length === 0) return undefined
    return reply.redirect(pagePrefix(context, request) + pathOf(request) + queryString(query, changes), 303)
  }
}

async function timeZoneOf(context: PageContext, request: FastifyRequest): Promise<string> {
  const { catalogues } = seenBy(context, request)
  // A page below /c/:id has that parameter, and others none.
  const { id } = request.params as { readonly id?: string }
  const head = id === undefined ? undefined : catalogues.heads.get(id)
  return head ? (await loadDocument(catalogues, head.revision)).timeZone : 'UTC'
}
