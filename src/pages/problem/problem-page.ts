import type { FastifyRequest } from 'fastify'
import { narrowedTo } from '../../catalogue/narrowed.ts'
import { UnknownCatalogue } from '../../catalogue/read/point.ts'
import { nearestName } from '../../domain/nearest-name.ts'
import type { ProblemPage } from '../../http/schema/problem.ts'
import { frameOf } from '../frame/frame.ts'
import type { PageContext } from '../frame/page.ts'
import { pageSecurity } from '../frame/page-headers.ts'
import { signInFacts } from '../sign-in/sign-in-facts.ts'

/** Makes the pages of problems, for browsers: what happened, what would be right, and the way back. */
export function problemPages(context: PageContext): ProblemPage {
  return (request, problem, error) => {
    const { path: prefix } = request.client
    const frame = { ...frameOf(context, { prefix, title: problem.title }), hasKey: false }
    const asksForKey = problem.code === 'unauthorized'
    const html = context.templates.render(asksForKey ? '@sign-in' : '@problem', {
      frame,
      problem,
      near: error instanceof UnknownCatalogue ? nearCatalogues(context, request, error.catalogue) : [],
      ...firstIssueLink(request, problem.code),
      ...(asksForKey && signInFacts(request, problem))
    })
    return { html, headers: pageSecurity }
  }
}

/** The link to where the history of a catalogue begins, for who asked for a time or an issue that is not in it. */
function firstIssueLink({ client, params, routeOptions }: FastifyRequest, code: string): { readonly first?: string } {
  const isOutside = code === 'time_out_of_range' || code === 'unknown_revision'
  if (!isOutside || !routeOptions.url?.startsWith('/c/:id')) return {}
  // A route below /c/:id has that parameter.
  const { id } = params as { readonly id: string }
  return { first: `${client.path}/c/${id}?asOf=1` }
}

/** The ids that look like what was asked for, of the catalogues that the asker may see. */
function nearCatalogues(
  { catalogues, isPublic }: PageContext,
  { key }: FastifyRequest,
  written: string
): readonly string[] {
  if (!isPublic && key === undefined) return []
  const seen = key?.catalogues === undefined ? catalogues : narrowedTo(key.catalogues, catalogues)
  const ids = seen.heads.all().map(({ revision }) => revision.catalogue)
  const near = nearestName(written, ids)
  const longer = ids.filter((id) => id !== near && (id.startsWith(written) || written.startsWith(id)))
  return [...(near === undefined ? [] : [near]), ...longer].slice(0, 10)
}
