import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { type Export, exportAt, windowPoint } from '../../catalogue/export/export.ts'
import type { Point } from '../../catalogue/read/point.ts'
import { PortolanError } from '../../domain/errors.ts'
import { reportField } from '../../domain/export/export-report.ts'
import { type Artifact, md5 } from '../../render/export/export.ts'
import { formats } from '../../render/formats/formats.ts'
import { pointOf } from '../answer/paging.ts'
import { type RouteContext, seenBy, sendPoint } from '../answer/send-point.ts'
import { type ExportQuery, ExportQuerySchema, exportOf } from '../request/export-query.ts'
import { canonicalQuery, type SiteClocksQuery } from '../request/query.ts'
import {
  ofSubject,
  type SubjectKind,
  subjectHeaders,
  subjectKinds,
  subjectOf,
  subjectParams,
  subjectPaths,
  subjectQuery
} from '../request/subject.ts'
import type { App } from '../request/type-provider.ts'
import { ExportReportSchema } from '../schema/export-schema.ts'
import { exportHeaders, viewHeaders } from '../schema/header-schema.ts'
import { largestText, listSchema, textSchema } from '../schema/schema-words.ts'
import { readAnswers, readCodes } from '../schema/schemas.ts'

const formatParams = {
  format: Type.String({
    maxLength: 100,
    description: 'Name of the format, see `/v1/formats`; `NAME.md5` answers the MD5 of the bytes',
    examples: ['plain-ip']
  })
}
const sliceParams = {
  ...formatParams,
  file: Type.String({
    maxLength: 104,
    description: 'The name of a slice, or `all`, with the ending `.txt`',
    examples: ['out-tcp-80.txt']
  })
}
const { slice: _, ...otherParameters } = ExportQuerySchema.properties
type AskedExport = ExportQuery & SiteClocksQuery
const ending = '.txt'
const codes = [
  ...readCodes,
  'slice_required',
  'unknown_slice',
  'budget_exceeded',
  'limit_exceeded',
  'role_unbound',
  'not_timed'
] as const
const checksum = '.md5'
const jsonObject = Type.Unsafe<object>({ type: 'object' })
const jsonList = listSchema(jsonObject, 1_000_000)
/** The media types of all exports. */
const contents = Object.fromEntries(
  ['application/x-tar', ...formats.map(({ mediaType }) => mediaType.split(';')[0] ?? '')].map((type) => [
    type,
    schemaOf(type)
  ])
)

/** Exports in JSON have the structure that their tool defines, and bytes are no text. */
function schemaOf(type: string): Type.TSchema {
  if (/[/+]json$/.test(type)) return Type.Unsafe<object>({ anyOf: [jsonObject, jsonList], title: 'ExportedJson' })
  if (/[/-]tar$|sheet$/.test(type)) return Type.Unsafe<string>({ contentMediaType: type, description: 'Bytes' })
  return textSchema(largestText, 'See `/v1/formats`')
}

export function exportRoutes(app: App, context: RouteContext): void {
  for (const kind of subjectKinds) subjectExportRoutes(app, context, kind)
}

const operationIds = {
  catalogue: { whole: 'getExport', slice: 'getExportOfSlice', report: 'getExportReport' },
  site: { whole: 'getSiteExport', slice: 'getSiteExportOfSlice', report: 'getSiteExportReport' }
} as const

function subjectExportRoutes(app: App, context: RouteContext, kind: SubjectKind): void {
  const path = `${subjectPaths[kind]}/exports/:format`
  const ids = operationIds[kind]
  const headers = subjectHeaders(kind, exportHeaders)
  app.get(
    path,
    {
      config: { access: 'read', grows: 'catalogue', resolvesFeeds: true },
      schema: {
        operationId: ids.whole,
        summary: ofSubject(kind, 'What holds now, in the format of a tool'),
        description:
          'Exactly the content of the view: what the format cannot express is left out or widened, and `Portolan-Export-Report` counts it. A format without ports is for one slice at a time. An export of several files is a tar archive; `part` selects one of them.',
        tags: ['exports'],
        params: subjectParams(kind, formatParams),
        querystring: subjectQuery(kind, ExportQuerySchema.properties),
        response: readAnswers('The export, in the media type of its format', { content: contents }, headers, codes)
      }
    },
    async (request, reply) => sendExport(request, reply, request.params.format, request.query)
  )

  app.get(
    `${path}/:file`,
    {
      config: { access: 'read', grows: 'catalogue', resolvesFeeds: true },
      schema: {
        operationId: ids.slice,
        summary: ofSubject(kind, 'The export of one slice, at a path with an ending'),
        description:
          'For devices that want one: the same bytes and header fields as the export with `slice=`, and the same parameters.',
        tags: ['exports'],
        params: subjectParams(kind, sliceParams),
        querystring: subjectQuery(kind, otherParameters),
        response: readAnswers('The export, in the media type of its format', { content: contents }, headers, codes)
      }
    },
    async (request, reply) => {
      const { file } = request.params
      const slice = file.slice(0, -ending.length)
      if (slice === '' || !file.endsWith(ending))
        throw new PortolanError('not_found', `An export of one slice ends in ${ending}, such as out-tcp-80${ending}.`)
      return sendExport(request, reply, request.params.format, { ...request.query, slice })
    }
  )

  app.get(
    `${path}/report`,
    {
      config: { access: 'read', grows: 'catalogue', resolvesFeeds: true },
      schema: {
        operationId: ids.report,
        summary: ofSubject(kind, 'What an export left out or widened, and why'),
        description: 'Takes the same parameters as the export.',
        tags: ['exports'],
        params: subjectParams(kind, formatParams),
        querystring: subjectQuery(kind, ExportQuerySchema.properties),
        response: readAnswers('The report', ExportReportSchema, subjectHeaders(kind, viewHeaders), codes)
      }
    },
    async (request, reply) => {
      const { format } = request.params
      const { point, artifact } = await readExport(request, format, request.query)
      return sendPoint(context, request, reply, {
        point,
        query: canonicalQuery(`report ${format}`, request.query),
        representation: 'json',
        contentType: 'application/json; charset=utf-8',
        render: async () => JSON.stringify(artifact.report)
      })
    }
  )

  async function readExport(
    request: FastifyRequest,
    format: string,
    query: AskedExport
  ): Promise<{ readonly point: Point; readonly artifact: Artifact }> {
    const wanted: Export = exportOf(format, query)
    const { catalogues } = seenBy(context, request)
    const own = await pointOf(catalogues, subjectOf(request), query, 'feeds')
    const point = await windowPoint(catalogues, own, wanted)
    return { point, artifact: await exportAt(catalogues, point, wanted) }
  }

  async function sendExport(
    request: FastifyRequest,
    reply: FastifyReply,
    format: string,
    query: AskedExport
  ): Promise<FastifyReply> {
    const isChecksum = format.endsWith(checksum)
    const { point, artifact } = await readExport(
      request,
      isChecksum ? format.slice(0, -checksum.length) : format,
      query
    )
    const { body, mediaType, fileName, report } = artifact
    return sendPoint(context, request, reply, {
      point,
      query: canonicalQuery(`export ${format}`, query),
      representation: format,
      contentType: isChecksum ? 'text/plain; charset=utf-8' : mediaType,
      headers: {
        'portolan-export-report': reportField(report),
        'content-disposition': `inline; filename="${fileName}${isChecksum ? checksum : ''}"`
      },
      render: async () => (isChecksum ? md5(artifact) : body)
    })
  }
}
