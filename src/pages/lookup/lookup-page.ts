import Type from 'typebox'
import { productNameIn } from '../../catalogue/heads.ts'
import { judgeRule } from '../../catalogue/lookup/rule.ts'
import { PortolanError } from '../../domain/errors.ts'
import { portName } from '../../domain/lookup/audit-port.ts'
import { type Destination, readDestination } from '../../domain/lookup/destination.ts'
import { parseLookup } from '../../domain/lookup/lookup.ts'
import { sharedPage } from '../../http/answer/shared-page.ts'
import { canonicalQuery, sharedClockFields } from '../../http/request/query.ts'
import { prefersHtml } from '../../http/schema/problem.ts'
import { closed } from '../../http/schema/schema-words.ts'
import { clockEntries } from '../frame/clock-entries.ts'
import type { WebPage } from '../frame/page.ts'
import { sendListPage, sendUnkeptPage } from '../frame/send-page.ts'
import { evidenceOf } from './evidence.ts'
import { lookupExamples } from './lookup-examples.ts'
import { verdictSentence } from './verdict-sentence.ts'

/** How many places the page lists. */
const mostPlaces = 200

const QuerySchema = Type.Object(
  { value: Type.Optional(Type.String({ minLength: 1, maxLength: 2048 })), ...sharedClockFields },
  closed
)

/** Whether a rule for an address, a name or a port may be removed, in a sentence, and what says so. */
export const lookupPage: WebPage = {
  path: '/lookup',
  link: 'Look up',
  routes(app, context) {
    const page = { page: '/lookup', template: '@lookup' } as const
    app.get(
      '/lookup',
      { config: { access: 'read', grows: 'catalogues' }, schema: { querystring: QuerySchema } },
      async (request, reply) => {
        const { query } = request
        const { value } = query
        const shared = sharedPage(context, request, query, canonicalQuery('/lookup', query))
        const { catalogues, clocks } = shared
        const form = { value: value ?? '', clocks: clockEntries(query) }
        if (value === undefined) {
          const content = async () => ({ title: 'Look up', form, examples: await lookupExamples(catalogues) })
          return sendListPage(context, request, reply, { ...page, shared, content })
        }
        const read = readRule(value)
        if ('fault' in read) {
          if (!prefersHtml(request)) throw new PortolanError('invalid_parameter', read.fault)
          const content = async () => ({ title: 'Look up', form, examples: [], fault: read.fault })
          return sendUnkeptPage(context, request, reply, { ...page, status: 400, content })
        }
        const { found, hasMore, hasNamesBelow, validUntil, ...judged } = await judgeRule(
          catalogues,
          read,
          clocks,
          mostPlaces
        )
        const productOf = (catalogue: string) => productNameIn(catalogues.heads, catalogue)
        return sendListPage(context, request, reply, {
          ...page,
          ...(isReadByRest(value) && { twin: '/v1/lookup' }),
          shared,
          validUntil,
          content: async ({ links }) => ({
            title: `Look up ${value.slice(0, 100)}`,
            form,
            examples: [],
            read: readText(read),
            verdict: verdictSentence(judged, { port: read.port, productOf }),
            ...evidenceOf(found, { productOf, links }),
            most: hasMore ? mostPlaces : undefined,
            // What a name, an address or a CIDR has no part in.
            isUncompared: read.port === undefined,
            ...(hasNamesBelow && { below: links.across('/search', { q: read.value }) })
          })
        })
      }
    )
  }
}

function readRule(value: string): Destination | { readonly fault: string } {
  if (/^\s*\d{1,5}\s*$/.test(value))
    return {
      fault: `${value.trim()} is a number: a port is looked up with its transport, such as tcp/${value.trim()}.`
    }
  const read = readDestination(value)
  if ('fault' in read || read.targets !== 'everything' || read.port) return read
  return {
    fault: `${JSON.stringify(value)} stands for everything: look up an address, a name, or a port such as tcp/443.`
  }
}

/** What was read: `185.155.104.24, tcp/80`, and what was left out of it. */
function readText({ value, targets, port, notes }: Destination): string {
  const parts = [...(targets === 'everything' ? [] : [value]), ...(port ? [portName(port)] : [])]
  return [parts.join(', '), ...notes].join('; ')
}

/** The look-up of REST reads no URLs and no ranges. */
function isReadByRest(value: string): boolean {
  try {
    parseLookup(value)
    return true
  } catch {
    return false
  }
}
