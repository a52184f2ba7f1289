import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { type CataloguePoint, pointAt } from '../../catalogue/read/point.ts'
import { editionMarks } from '../../catalogue/shape/edition-marks.ts'
import { m365ChangesSince, shapedAsM365 } from '../../catalogue/shape/shaped.ts'
import { PortolanError } from '../../domain/errors.ts'
import { instanceOf } from '../../domain/shape/instance.ts'
import { m365Version, m365VersionCsv, m365VersionRss } from '../../render/shape/m365-version.ts'
import { baseOf, type RouteContext, sendPoint } from '../answer/send-point.ts'
import { canonicalQuery, clocksOfQuery } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { documentHeaders, viewHeaders } from '../schema/header-schema.ts'
import { closed, largestText, textSchema } from '../schema/schema-words.ts'
import { CatalogueParamsSchema, readAnswers, readCodes } from '../schema/schemas.ts'
import { looseQuery } from './loose-query.ts'
import {
  isTrue,
  SetChangeQuerySchema,
  SetQuerySchema,
  setQueryOf,
  shapeFormatOf,
  VersionQuerySchema
} from './m365-query.ts'
import { M365ChangeListSchema, M365SetListSchema, M365VersionListSchema, M365VersionSchema } from './m365-schema.ts'
import { shapeHeaders, shapeReportField } from './shape-report-header.ts'

const instance = Type.String({
  maxLength: 50,
  description: 'The instance that the catalogue stands for, in any case; its source names it, else it is `Worldwide`',
  examples: ['Worldwide']
})
const InstanceParamsSchema = Type.Object({ ...CatalogueParamsSchema.properties, instance }, closed)
const ChangeParamsSchema = Type.Object(
  {
    ...InstanceParamsSchema.properties,
    version: Type.String({
      maxLength: 50,
      description: 'The version that the script knows, `YYYYMMDDNN`; `0000000000` for all changes',
      examples: ['0000000000']
    })
  },
  closed
)
const codes = [...readCodes, 'missing_parameter'] as const
const contentTypes = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  rss: 'application/rss+xml; charset=utf-8'
} as const
const csvText = textSchema(largestText, 'RFC 4180')
const versionBodies = (json: Type.TSchema) => ({
  content: {
    'application/json': json,
    'text/csv': csvText,
    'application/rss+xml': textSchema(largestText, 'RSS 2.0')
  }
})
const versionNote =
  'For scripts that read the web service of Microsoft 365: only the address changes in them. Names of paths and parameters are taken in any case, and unknown parameters are ignored here.'

export function m365ShapeRoutes(app: App, context: RouteContext): void {
  const { catalogues } = context

  app.get(
    '/shapes/m365/:id/version',
    {
      config: { access: 'read', grows: 'catalogue' },
      preValidation: looseQuery(VersionQuerySchema),
      schema: {
        operationId: 'listOfficeVersions',
        summary: 'The newest version, as a list with one instance',
        description: versionNote,
        tags: ['shapes'],
        params: CatalogueParamsSchema,
        querystring: VersionQuerySchema,
        response: readAnswers('The version', versionBodies(M365VersionListSchema), documentHeaders, codes)
      }
    },
    async (request, reply) => {
      const point = await pointAt(catalogues, request.params.id, clocksOfQuery(request.query))
      return sendVersion(request, reply, point, request.query, 'list')
    }
  )

  app.get(
    '/shapes/m365/:id/version/:instance',
    {
      config: { access: 'read', grows: 'catalogue' },
      preValidation: looseQuery(VersionQuerySchema),
      schema: {
        operationId: 'getOfficeVersion',
        summary: 'The newest version of an instance',
        description: versionNote,
        tags: ['shapes'],
        params: InstanceParamsSchema,
        querystring: VersionQuerySchema,
        response: readAnswers('The version', versionBodies(M365VersionSchema), documentHeaders, codes)
      }
    },
    async (request, reply) => {
      const point = await instancePoint(request.params, request.query)
      return sendVersion(request, reply, point, request.query, 'object')
    }
  )

  app.get(
    '/shapes/m365/:id/endpoints/:instance',
    {
      config: { access: 'read', grows: 'catalogue' },
      preValidation: looseQuery(SetQuerySchema),
      schema: {
        operationId: 'getOfficeEndpoints',
        summary: 'The endpoint sets, as Microsoft 365 publishes its own',
        description: `${versionNote} Planned, active and retiring endpoints are there, as in the original; what a set cannot say is counted in \`Portolan-Export-Report\`.`,
        tags: ['shapes'],
        params: InstanceParamsSchema,
        querystring: SetQuerySchema,
        response: readAnswers(
          'The sets, by number',
          { content: { 'application/json': M365SetListSchema, 'text/csv': csvText } },
          { ...viewHeaders, ...shapeHeaders },
          codes
        )
      }
    },
    async (request, reply) => {
      const { query } = request
      const format = shapeFormatOf(['json', 'csv'], query.Format)
      const choice = setQueryOf(query)
      const point = await instancePoint(request.params, query)
      const { body, report } = await shapedAsM365(catalogues, point, { ...choice, format })
      return sendPoint(context, request, reply, {
        point,
        query: canonicalQuery('shape m365', withoutClient(query)),
        representation: format,
        contentType: contentTypes[format],
        headers: { 'portolan-export-report': shapeReportField(report) },
        render: async () => body
      })
    }
  )

  app.get(
    '/shapes/m365/:id/changes/:instance/:version',
    {
      config: { access: 'read', grows: 'catalogue' },
      preValidation: looseQuery(SetChangeQuerySchema),
      schema: {
        operationId: 'getOfficeChanges',
        summary: 'The changes of the endpoint sets after a version',
        description: `${versionNote} All changes after the version, the oldest first. A version that there never was counts by its place among the others.`,
        tags: ['shapes'],
        params: ChangeParamsSchema,
        querystring: SetChangeQuerySchema,
        response: readAnswers('The changes', M365ChangeListSchema, documentHeaders, codes)
      }
    },
    async (request, reply) => {
      const { params, query } = request
      const choice = setQueryOf(query)
      if (!/^\d{10}$/.test(params.version))
        throw new PortolanError('invalid_parameter', `The version ${params.version} must have ten digits: YYYYMMDDNN.`)
      const point = await instancePoint(params, query)
      return sendPoint(context, request, reply, {
        point,
        isTimeless: true,
        query: canonicalQuery(`shape m365 changes ${params.version}`, withoutClient(query)),
        representation: 'json',
        contentType: contentTypes.json,
        render: async () =>
          JSON.stringify(await m365ChangesSince(catalogues, point.revision, Number(params.version), choice))
      })
    }
  )

  async function instancePoint(
    params: Static<typeof InstanceParamsSchema>,
    query: { readonly asOf?: string; readonly effectiveAt?: string }
  ): Promise<CataloguePoint> {
    const point = await pointAt(catalogues, params.id, clocksOfQuery(query))
    const known = instanceOf(point.revision)
    if (params.instance.toLowerCase() === known.toLowerCase()) return point
    throw new PortolanError('not_found', `${params.id} has no instance ${params.instance}: it has ${known}.`)
  }

  async function sendVersion(
    request: FastifyRequest,
    reply: FastifyReply,
    point: CataloguePoint,
    query: Static<typeof VersionQuerySchema>,
    as: 'list' | 'object'
  ): Promise<FastifyReply> {
    const format = shapeFormatOf(['json', 'csv', 'rss'], query.Format)
    const hasAll = isTrue('AllVersions', query.AllVersions)
    const { revision } = point
    const link = `${baseOf(context, request)}/v1/catalogues/${revision.catalogue}/revisions`
    return sendPoint(context, request, reply, {
      point,
      isTimeless: true,
      query: canonicalQuery(`shape m365 version ${as}`, withoutClient(query)),
      representation: format,
      contentType: contentTypes[format],
      hasLinks: format === 'rss',
      render: async () => {
        const marks = await editionMarks(catalogues, revision)
        const version = m365Version(instanceOf(revision), marks, hasAll)
        if (format === 'csv') return m365VersionCsv(version)
        if (format === 'rss') return m365VersionRss(version, link, hasAll ? [...marks].reverse() : marks.slice(-1))
        return JSON.stringify(as === 'list' ? [version] : version)
      }
    })
  }
}

/** The parameters without the GUID of the script, which changes nothing. */
function withoutClient({
  clientrequestid: _,
  ...query
}: Readonly<Record<string, unknown>> & { readonly clientrequestid: string }): Readonly<Record<string, unknown>> {
  return query
}
