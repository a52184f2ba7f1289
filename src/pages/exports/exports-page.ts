import Type from 'typebox'
import { exportPoint } from '../../catalogue/export/export.ts'
import { slicesAt } from '../../catalogue/export/slices.ts'
import { readWindow } from '../../domain/export/export-request.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { baseOf, seenBy } from '../../http/answer/send-point.ts'
import { ExportQuerySchema } from '../../http/request/export-query.ts'
import { clocksOfQuery } from '../../http/request/query.ts'
import { feedsAsOfQuery } from '../../http/request/resolve-query.ts'
import { closed, oneOfWords } from '../../http/schema/schema-words.ts'
import { CatalogueParamsSchema } from '../../http/schema/schemas.ts'
import { devices } from '../../render/device/devices.ts'
import type { WebPage } from '../frame/page.ts'
import { sendCataloguePage } from '../frame/send-page.ts'
import { chosenOf, exportPicker } from './export-picker.ts'
import { exportResult } from './export-result.ts'

const path = '/c/:id/exports'

/** The fields of the form. What else is in the URL goes along. */
const fields: readonly string[] = ['device', 'format', 'slice', 'lead', 'lag', 'aggregate', 'limits']

const QuerySchema = Type.Object(
  {
    ...ExportQuerySchema.properties,
    device: Type.Optional(Type.Unsafe<string>(oneOfWords(devices.map(({ name }) => name)))),
    format: Type.Optional(Type.String({ minLength: 1, maxLength: 100 }))
  },
  closed
)

/** From a device to the URL that it fetches: format, slice, options, and what comes of them. */
export const exportsPage: WebPage = {
  path,
  link: 'Exports',
  routes(app, context) {
    app.get(
      path,
      {
        config: { access: 'read', grows: 'catalogue', resolvesFeeds: true },
        schema: { params: CatalogueParamsSchema, querystring: QuerySchema }
      },
      async (request, reply) => {
        const { catalogues } = seenBy(context, request)
        const { device: _, format: __, ...query } = request.query
        const { id } = request.params
        const { device, format } = chosenOf(request.query)
        const asked = { window: readWindow(query), filter: filterOf(query), request: {} }
        const point = await exportPoint(catalogues, id, clocksOfQuery(query), asked, feedsAsOfQuery(query, 'feeds'))
        const base = baseOf(context, request)
        const own = { device: undefined, format: undefined }
        return sendCataloguePage(context, request, reply, {
          page: path,
          template: '@exports',
          twin:
            format === undefined
              ? `/v1/catalogues/${id}/slices`
              : `/v1/catalogues/${id}/exports/${encodeURIComponent(format)}/report`,
          twinPins:
            format === undefined ? { ...own, slice: undefined, resolve: query.resolve ?? 'feeds', ...noOptions } : own,
          point,
          content: async ({ links }) => {
            const filters = filterOf(query)
            return {
              title: 'Exports',
              id,
              action: links.plain(`/c/${id}/exports`),
              hidden: Object.entries(query)
                .filter(([name]) => !fields.includes(name))
                .flatMap(([name, value]) => [value].flat().map((item) => [name, String(item)] as const)),
              asked: request.query,
              picker: exportPicker(request.query, await slicesAt(catalogues, point, filters)),
              choiceOf: (change: Readonly<Record<string, string>>) =>
                links.plain(`/c/${id}/exports`, { ...request.query, ...change }),
              needsKey: !context.isPublic,
              ...(format !== undefined && {
                result: await exportResult(catalogues, { point, format, query, base, ...(device && { device }) })
              })
            }
          }
        })
      }
    )
  }
}

/** Parameters of exports that slices do not take. */
const noOptions = Object.fromEntries(
  ['part', 'mode', 'aggregate', 'maxExtra', 'empty', 'lead', 'lag', 'limits', 'wildcards', 'headroom'].map((name) => [
    name,
    undefined
  ])
)
