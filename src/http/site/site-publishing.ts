import type { FastifyReply, FastifyRequest, FastifySchemaCompiler } from 'fastify'
import Type from 'typebox'
import {
  type PublishedSite,
  publishSite,
  restoreSite,
  type SitePrecondition
} from '../../catalogue/site/publish-site.ts'
import { requireSite } from '../../catalogue/site/site-revisions.ts'
import { PortolanError } from '../../domain/errors.ts'
import { documentTag } from '../../domain/read/document-tag.ts'
import { listedTags } from '../../domain/read/etag.ts'
import { SiteInputSchema } from '../../domain/site/site-document.ts'
import { type SiteGuardRail, siteGuardRails } from '../../domain/site/site-revision.ts'
import { siteRevisionJson } from '../../render/site/site-revision-json.ts'
import { baseOf, type RouteContext, seenBy } from '../answer/send-point.ts'
import {
  authorizeOverrides,
  authorOf,
  jsonBytes,
  manuscriptBytes,
  manuscriptNotation,
  overrideFields,
  ReasonSchema
} from '../publishing.ts'
import type { App } from '../request/type-provider.ts'
import { validatorCompiler } from '../request/validation.ts'
import { publishedHeaders, publishHeaders } from '../schema/header-schema.ts'
import { closed, largestText, textSchema } from '../schema/schema-words.ts'
import { answerSchema, problems } from '../schema/schemas.ts'
import {
  SiteParamsSchema,
  SiteRevisionParamsSchema,
  SiteRevisionWithChangesSchema,
  siteHeaders
} from './site-schema.ts'

const siteFields = overrideFields(siteGuardRails, 'binding_emptied')
const codes = [
  'unknown_parameter',
  'invalid_parameter',
  'missing_parameter',
  'cross_site',
  'insufficient_scope',
  'precondition_required',
  'precondition_failed',
  'invalid_document',
  'guard_rail',
  'conflict',
  'storage_full',
  'malformed_body',
  'body_too_large',
  'unsupported_media_type'
] as const
const revisionHeader = { 'Portolan-Site-Revision': siteHeaders['Portolan-Site-Revision'] ?? Type.Integer() }
const { 'Portolan-Revision': _, ...ofPublish } = publishHeaders
const { 'Portolan-Revision': __, ...ofPublished } = publishedHeaders
const answers = {
  200: answerSchema(
    'Nothing was written: the content equals the newest revision, or `dryRun` was given',
    SiteRevisionWithChangesSchema,
    { ...ofPublish, ...revisionHeader }
  ),
  201: answerSchema('The new revision', SiteRevisionWithChangesSchema, { ...ofPublished, ...revisionHeader })
}

export function sitePublishingRoutes(app: App, context: RouteContext): void {
  const validate = validatorCompiler()
  // The schema of the body serves the OpenAPI document only: publishing itself validates the bytes.
  const validateAllButBody: FastifySchemaCompiler<Type.TSchema> = (route) =>
    route.httpPart === 'body' ? (value) => ({ value }) : validate(route)

  app.put(
    '/v1/sites/:site/document',
    {
      config: { access: 'site:publish', grows: 'body', largestBody: jsonBytes },
      onRequest: authorizeOverrides,
      validatorCompiler: validateAllButBody,
      schema: {
        operationId: 'publishSite',
        summary: 'Publishes the document of a site as a new revision',
        description:
          'Needs a key with `site:publish`. New site: `If-None-Match: *`. Existing one: `If-Match` with the ETag of its document. Content equal to the head answers 200 and writes nothing, whatever the precondition says: a retry is safe.',
        tags: ['sites'],
        security: [{ bearer: [] }, { basic: [] }],
        params: SiteParamsSchema,
        querystring: Type.Object(siteFields, closed),
        body: {
          content: {
            'application/json': { schema: SiteInputSchema },
            'application/yaml': { schema: textSchema(largestText, 'The same document as YAML') }
          }
        },
        response: { ...answers, ...problems(...codes) }
      }
    },
    async (request, reply) => {
      const { override = [], reason, dryRun = false } = request.query
      const { site } = request.params
      const { catalogues } = seenBy(context, request)
      const published = await publishSite(catalogues, {
        site,
        manuscript: { bytes: manuscriptBytes(request), notation: manuscriptNotation(request), id: site },
        precondition: preconditionOf(request),
        overrides: checkedOverrides(override, reason),
        ...(reason !== undefined && { reason }),
        ...authorOf(request),
        isDryRun: dryRun
      })
      return sendPublished(context, request, reply, published)
    }
  )

  app.post(
    '/v1/sites/:site/revisions/:number/restore',
    {
      config: { access: 'site:publish', grows: 'body' },
      onRequest: authorizeOverrides,
      schema: {
        operationId: 'restoreSiteRevision',
        summary: 'Rolls a site back: publishes the document of an earlier revision as a new one',
        description: 'Key, preconditions, guard rails and answers are the same as for publishing a document.',
        tags: ['sites'],
        security: [{ bearer: [] }, { basic: [] }],
        params: SiteRevisionParamsSchema,
        querystring: Type.Object({ ...siteFields, reason: ReasonSchema }, closed),
        response: { ...answers, ...problems(...codes, 'not_found') }
      }
    },
    async (request, reply) => {
      const { override = [], reason, dryRun = false } = request.query
      const { site, number } = request.params
      const { catalogues } = seenBy(context, request)
      if (number > requireSite(catalogues, site).revision.number)
        throw new PortolanError('not_found', `The site ${site} has no revision ${number}.`)
      const published = await restoreSite(catalogues, {
        site,
        number,
        precondition: preconditionOf(request),
        overrides: checkedOverrides(override, reason),
        reason,
        ...authorOf(request),
        isDryRun: dryRun
      })
      return sendPublished(context, request, reply, published)
    }
  )
}

function checkedOverrides(overrides: readonly SiteGuardRail[], reason: string | undefined): readonly SiteGuardRail[] {
  if (overrides.length > 0 && reason === undefined)
    throw new PortolanError('missing_parameter', 'An override needs reason=TEXT, which is kept with the revision.')
  return overrides
}

function preconditionOf({ headers }: FastifyRequest): SitePrecondition {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers
  if (ifMatch !== undefined) return { kind: 'match', tags: listedTags(ifMatch) }
  return { kind: ifNoneMatch?.trim() === '*' ? 'create' : 'absent' }
}

function sendPublished(context: RouteContext, request: FastifyRequest, reply: FastifyReply, published: PublishedSite) {
  const { revision } = published
  const { site, number } = revision
  const { heads, store } = context.catalogues
  const changes = published.kind === 'unchanged' ? [] : published.changes
  const seq = published.kind === 'published' ? published.seq : heads.site(site)?.seq
  if (published.kind !== 'would_publish')
    reply.header('etag', `"${documentTag(revision)}"`).header('portolan-site-revision', String(number))
  if (published.kind === 'published')
    reply.header('location', `${baseOf(context, request)}/v1/sites/${site}/revisions/${number}`)
  return reply
    .code(published.kind === 'published' ? 201 : 200)
    .header('cache-control', 'no-store')
    .header('portolan-epoch', store.epoch)
    .headers(seq === undefined ? {} : { 'portolan-seq': String(seq) })
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ ...siteRevisionJson(revision), changes }))
}
