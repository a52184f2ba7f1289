import Type from 'typebox'
import { pointAt } from '../../catalogue/read/point.ts'
import { shapedAsAws } from '../../catalogue/shape/shaped.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { type RouteContext, sendPoint } from '../answer/send-point.ts'
import { canonicalQuery, clockFields, clocksOfQuery, filterFields, statusField } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { viewHeaders } from '../schema/header-schema.ts'
import { closed, listSchema, mostRows, textSchema } from '../schema/schema-words.ts'
import { CatalogueParamsSchema, readAnswers, readCodes } from '../schema/schemas.ts'
import { looseQuery } from './loose-query.ts'
import { shapeHeaders, shapeReportField } from './shape-report-header.ts'

const QuerySchema = Type.Object(
  { ...clockFields, ...filterFields, status: statusField('active and retiring, which is what holds now') },
  closed
)

function prefixSchema(name: 'ip_prefix' | 'ipv6_prefix', title: string) {
  return Type.Object(
    {
      [name]: textSchema(50, 'Always with the length of the prefix'),
      region: textSchema(200, 'As the source wrote it, in the external id `aws-region`; else `GLOBAL`'),
      service: textSchema(
        200,
        'As the source wrote it, in the external id `aws-service`; else the key of the requirement in upper case'
      ),
      network_border_group: textSchema(200, 'From a tag `border-group-…` of the endpoint; else the region')
    },
    { ...closed, title }
  )
}

const AwsRangesSchema = Type.Object(
  {
    syncToken: Type.String({
      pattern: '^[0-9]+$',
      maxLength: 20,
      description:
        'Unix seconds of the later of the publication and the last transition. It rises with every revision and every transition'
    }),
    createDate: Type.String({
      pattern: '^[0-9]{4}(?:-[0-9]{2}){5}$',
      maxLength: 19,
      description: 'The same instant in UTC, as `YYYY-MM-DD-HH-MM-SS`'
    }),
    prefixes: listSchema(prefixSchema('ip_prefix', 'AwsPrefix'), mostRows),
    ipv6_prefixes: listSchema(prefixSchema('ipv6_prefix', 'AwsIpvSixPrefix'), mostRows)
  },
  { ...closed, title: 'AwsIpRanges' }
)

export function awsShapeRoutes(app: App, context: RouteContext): void {
  const { catalogues } = context

  app.get(
    '/shapes/aws/:id/ip-ranges.json',
    {
      config: { access: 'read', grows: 'catalogue' },
      preValidation: looseQuery(QuerySchema),
      schema: {
        operationId: 'getAwsIpRanges',
        summary: 'The addresses that hold now, as AWS publishes its own',
        description:
          'For scripts that read `ip-ranges.json`: only the address of the list changes in them. Other kinds of endpoints cannot be said and are counted in `Portolan-Export-Report`. Unknown parameters are ignored here.',
        tags: ['shapes'],
        params: CatalogueParamsSchema,
        querystring: QuerySchema,
        response: readAnswers('The addresses', AwsRangesSchema, { ...viewHeaders, ...shapeHeaders }, readCodes)
      }
    },
    async (request, reply) => {
      const { params, query } = request
      const point = await pointAt(catalogues, params.id, clocksOfQuery(query))
      const { body, report } = await shapedAsAws(catalogues, point, filterOf(query))
      return sendPoint(context, request, reply, {
        point,
        query: canonicalQuery('shape aws', query),
        representation: 'json',
        contentType: 'application/json; charset=utf-8',
        headers: { 'portolan-export-report': shapeReportField(report) },
        render: async () => body
      })
    }
  )
}
