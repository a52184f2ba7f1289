import type { FastifyReply, FastifyRequest, FastifySchemaCompiler } from 'fastify'
import Type from 'typebox'
import { revisionOf } from '../catalogue/history/revisions.ts'
import {
  type Precondition,
  type Published,
  type PublishRequest,
  preconditionOfTags,
  publishDocument,
  restoreRevision
} from '../catalogue/publishing/publish.ts'
import { requireHead } from '../catalogue/read/point.ts'
import { DocumentInputSchema } from '../domain/document/document.ts'
import { PortolanError } from '../domain/errors.ts'
import { type GuardRail, guardRails } from '../domain/history/revision.ts'
import { requireScope } from '../domain/key.ts'
import type { Notation } from '../domain/publishing/draft.ts'
import { documentTag } from '../domain/read/document-tag.ts'
import { listedTags } from '../domain/read/etag.ts'
import { changesPath, revisionWithChangesJson } from '../render/history/revision-json.ts'
import { baseOf, type RouteContext } from './answer/send-point.ts'
import { RevisionParamsSchema } from './history/revisions.ts'
import { yamlTypes } from './request/preferred-type.ts'
import type { App } from './request/type-provider.ts'
import { validatorCompiler } from './request/validation.ts'
import { publishedHeaders, publishHeaders } from './schema/header-schema.ts'
import { RevisionWithChangesSchema } from './schema/revision-schema.ts'
import { largestText, textSchema } from './schema/schema-words.ts'
import { answerSchema, CatalogueParamsSchema, problems } from './schema/schemas.ts'

/** The largest document as JSON. */
export const jsonBytes = 32 * 1_048_576
const yamlBytes = 2 * 1_048_576

export const ReasonSchema = Type.String({
  minLength: 1,
  maxLength: 1000,
  description: 'Kept with the revision',
  examples: ['The vendor withdrew the announcement']
})
/** The query of what publishes; `rails` can be overridden. */
export function overrideFields<Rail extends string>(rails: readonly Rail[], example: Rail) {
  return {
    dryRun: Type.Optional(
      Type.Boolean({ description: 'Answers what would happen, and writes nothing', examples: [true] })
    ),
    override: Type.Optional(
      Type.Array(Type.Unsafe<Rail>({ type: 'string', enum: [...rails] }), {
        description: 'Guard rails to override; needs `reason` and a key with `catalogue:override`',
        maxItems: 100,
        examples: [[example]]
      })
    ),
    reason: Type.Optional(ReasonSchema)
  }
}
const catalogueFields = overrideFields(guardRails, 'mass_removal')
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
  'storage_full'
] as const

const publishAnswers = {
  200: answerSchema(
    'Nothing was written: the content equals the newest revision, or `dryRun` was given',
    RevisionWithChangesSchema,
    publishHeaders
  ),
  201: answerSchema('The new revision', RevisionWithChangesSchema, publishedHeaders)
}

export function publishingRoutes(app: App, context: RouteContext): void {
  const validate = validatorCompiler()
  // The schema of the body serves the OpenAPI document only: publishing itself validates the bytes.
  const validateAllButBody: FastifySchemaCompiler<Type.TSchema> = (route) =>
    route.httpPart === 'body' ? (value) => ({ value }) : validate(route)

  app.put(
    '/v1/catalogues/:id/document',
    {
      config: { access: 'catalogue:publish', grows: 'body', largestBody: jsonBytes },
      onRequest: authorizeOverrides,
      validatorCompiler: validateAllButBody,
      schema: {
        operationId: 'publishDocument',
        summary: 'Publishes a document as a new revision',
        description:
          'Needs a key with `catalogue:publish`. New catalogue: `If-None-Match: *`. Existing one: `If-Match` with the ETag of its document. Content equal to the head answers 200 and writes nothing, whatever the precondition says: a retry is safe. JSON up to 32 MiB, YAML up to 2 MiB.',
        tags: ['publishing'],
        security: [{ bearer: [] }, { basic: [] }],
        params: CatalogueParamsSchema,
        querystring: Type.Object(catalogueFields, { additionalProperties: false }),
        body: {
          content: {
            'application/json': { schema: DocumentInputSchema },
            'application/yaml': { schema: textSchema(largestText, 'The same document as YAML') }
          }
        },
        response: {
          ...publishAnswers,
          ...problems(...codes, 'malformed_body', 'body_too_large', 'unsupported_media_type')
        }
      }
    },
    async (request, reply) => {
      const { override = [], reason, dryRun = false } = request.query
      const published = await publishDocument(context.catalogues, {
        catalogue: request.params.id,
        manuscript: { bytes: manuscriptBytes(request), notation: manuscriptNotation(request), id: request.params.id },
        precondition: preconditionOf(request),
        overrides: checkedOverrides(override, reason),
        ...(reason !== undefined && { reason }),
        ...authorOf(request),
        isDryRun: dryRun
      })
      return sendPublished(context, request, reply, request.params.id, published)
    }
  )

  app.post(
    '/v1/catalogues/:id/revisions/:number/restore',
    {
      config: { access: 'catalogue:publish', grows: 'body' },
      onRequest: authorizeOverrides,
      schema: {
        operationId: 'restoreRevision',
        summary: 'Rolls back: publishes the document of an earlier revision as a new one',
        description: 'Key, preconditions, guard rails and answers are the same as for publishing a document.',
        tags: ['publishing'],
        security: [{ bearer: [] }, { basic: [] }],
        params: RevisionParamsSchema,
        querystring: Type.Object(
          {
            ...catalogueFields,
            reason: ReasonSchema
          },
          { additionalProperties: false }
        ),
        response: {
          ...publishAnswers,
          ...problems(...codes, 'not_found', 'malformed_body', 'body_too_large', 'unsupported_media_type')
        }
      }
    },
    async (request, reply) => {
      const { override = [], reason, dryRun = false } = request.query
      const { id, number } = request.params
      requireHead(context.catalogues, id)
      const precondition = preconditionOf(request)
      await revisionOf(context.catalogues, id, number)
      const published = await restoreRevision(context.catalogues, {
        catalogue: id,
        number,
        precondition,
        overrides: checkedOverrides(override, reason),
        reason,
        ...authorOf(request),
        isDryRun: dryRun
      })
      return sendPublished(context, request, reply, id, published)
    }
  )
}

/** The body of a publish is passed on as bytes: publishing parses it, so that all of its faults are reported at once. */
export function registerPublishingParsers(app: App): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: jsonBytes }, (_request, body, done) =>
    done(null, body)
  )
  app.addContentTypeParser([...yamlTypes], { parseAs: 'buffer', bodyLimit: yamlBytes }, (_request, body, done) =>
    done(null, body)
  )
}

/** Runs before the body is read: a caller who may not override a guard rail need not send it. */
export async function authorizeOverrides(request: FastifyRequest): Promise<void> {
  // The query is not validated yet at this point, only parsed.
  const { override } = request.query as Record<string, unknown>
  if (override !== undefined) requireScope(request.key, 'catalogue:override')
}

/** Who publishes. */
export function authorOf({ key }: FastifyRequest): Partial<Pick<PublishRequest, 'author' | 'authorKey'>> {
  return key ? { author: key.name ?? key.id, authorKey: key.id } : {}
}

function checkedOverrides(overrides: readonly GuardRail[], reason: string | undefined): readonly GuardRail[] {
  if (overrides.length > 0 && reason === undefined)
    throw new PortolanError('missing_parameter', 'An override needs reason=TEXT, which is kept with the revision.')
  return overrides
}

/** @throws PortolanError `malformed_body` */
export function manuscriptBytes({ body }: FastifyRequest): Uint8Array {
  if (body instanceof Uint8Array && body.byteLength > 0) return body
  throw new PortolanError('malformed_body', 'The body is empty: send the whole document.')
}

export function manuscriptNotation({ headers }: FastifyRequest): Notation {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  return yamlTypes.some((yaml) => yaml === type) ? 'yaml' : 'json'
}

function preconditionOf({ headers }: FastifyRequest): Precondition {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers
  if (ifMatch !== undefined) return preconditionOfTags(listedTags(ifMatch))
  return { kind: ifNoneMatch?.trim() === '*' ? 'create' : 'absent' }
}

function sendPublished(
  context: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  published: Published
) {
  const { revision } = published
  const changes = published.kind === 'unchanged' ? [] : published.changes
  const seq = published.kind === 'published' ? published.seq : context.catalogues.heads.get(id)?.seq
  if (published.kind !== 'would_publish')
    reply.header('etag', `"${documentTag(revision)}"`).header('portolan-revision', String(revision.number))
  if (published.kind === 'published')
    reply.header('location', `${baseOf(context, request)}/v1/catalogues/${id}/revisions/${revision.number}`)
  const diff = published.kind === 'published' ? baseOf(context, request) + changesPath(revision) : undefined
  return reply
    .code(published.kind === 'published' ? 201 : 200)
    .header('cache-control', 'no-store')
    .header('portolan-epoch', context.catalogues.store.epoch)
    .headers(seq === undefined ? {} : { 'portolan-seq': String(seq) })
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(revisionWithChangesJson(revision, changes, diff)))
}
