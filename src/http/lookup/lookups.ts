import Type from 'typebox'
import { lookUp } from '../../catalogue/lookup/lookup.ts'
import type { RouteContext } from '../answer/send-point.ts'
import { sendSharedPage, sharedPage } from '../answer/shared-page.ts'
import { canonicalQuery, pageFields, sharedClockFields } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { pageHeaders } from '../schema/header-schema.ts'
import { LookupItemSchema } from '../schema/lookup-schema.ts'
import { pageSchema, readAnswers, sharedPageCodes } from '../schema/schemas.ts'

export function lookupRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/lookup',
    {
      config: { access: 'read', grows: 'catalogues' },
      schema: {
        operationId: 'lookUp',
        summary:
          'The requirements and endpoints of all catalogues that an address, CIDR, host name, port or flow belongs to',
        description:
          'The order is active, retiring, planned, then retired, of these the newest end first. Past endpoints are included: `addedIn` and `removedIn` name the revisions that added and removed them. Endpoints of the kinds any, role and feed match no address or name: only a port or a flow finds them, and `match` marks them. A row of a feed is found in the catalogue that publishes the feed, and, with `basis: feed`, in each requirement that refers to it; `addedIn` is then the revision that wrote the reference. A reference whose feed a catalogue publishes is compared by these rows, and not found as feed by a flow.',
        tags: ['lookup'],
        querystring: Type.Object(
          {
            value: Type.String({
              minLength: 1,
              maxLength: 300,
              examples: ['184.72.245.1', 'repo.clearswift.net', 'tcp/443', 'tcp/203.0.113.7/443', 'esp/203.0.113.7'],
              description:
                'An address, a CIDR, a host name, a port or ports with their transport (`tcp/443`, `tcp/8000-8100`), a type of ICMP (`icmp/8`, `icmp/echo-request`), a protocol (`esp`, `ip/97`), or a flow: a destination between its transport and its port or type (`tcp/203.0.113.7/443`, `icmp/203.0.113.7/8`), or after its protocol (`esp/203.0.113.7`, `icmp/203.0.113.7`). A flow of a type of ICMP has an address of its family'
            }),
            ...sharedClockFields,
            ...pageFields
          },
          { additionalProperties: false }
        ),
        response: readAnswers('A page of matches', pageSchema(LookupItemSchema, 'LookupPage'), pageHeaders, [
          'missing_parameter',
          ...sharedPageCodes
        ])
      }
    },
    async (request, reply) => {
      const page = sharedPage(context, request, request.query, canonicalQuery('lookup', request.query))
      const { found, ...rest } = await lookUp(page.catalogues, request.query.value, page.clocks, page)
      return sendSharedPage(context, request, reply, page, { items: found, ...rest })
    }
  )
}
