import { createHash } from 'node:crypto'
import { exportAt, exportPoint, requireFormat } from '../../catalogue/export/export.ts'
import { feedPins } from '../../catalogue/read/feed-parts.ts'
import { mementoInstant } from '../../catalogue/read/point.ts'
import { readExportRequest, readWindow } from '../../domain/export/export-request.ts'
import { readFeedsAsOf } from '../../domain/read/feeds-as-of.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { formats } from '../../render/formats/formats.ts'
import type { Context } from '../reading/context.ts'
import type { SourceTypes } from '../reading/source-types.ts'
import type { CatalogueRead } from '../reading/tree.ts'
import { withoutNulls } from '../reading/without-nulls.ts'
import type { SomeResolvers } from '../resolvers.ts'
import type { CatalogueExportArgs } from '../schema-types.ts'
import { mirrorFilter } from './mirror-filter.ts'

export const exportFields = {
  Query: { formats: () => formats },
  Catalogue: { export: (read, args, context) => exportOf(read, args, context) },
  ExportReport: {
    extra: ({ extraAddresses }) => extraAddresses,
    extraAddresses: ({ extraAddresses }) => String(extraAddresses.ipv4)
  }
} satisfies SomeResolvers<'Query', 'formats'> &
  SomeResolvers<'Catalogue', 'export'> &
  SomeResolvers<'ExportReport', 'extra' | 'extraAddresses'>

async function exportOf(
  { point: read, asOf, resolve, feedsAsOf }: CatalogueRead,
  args: CatalogueExportArgs,
  { snapshot: { catalogues, dependencies }, base }: Context
): Promise<SourceTypes['Export']> {
  const request = withoutNulls(args)
  const wanted = {
    format: requireFormat(args.format),
    filter: mirrorFilter(args.filter),
    window: readWindow(request),
    request: readExportRequest(request)
  }
  const { revision, instant, isTimed } = read
  const point = await exportPoint(
    catalogues,
    revision.catalogue,
    { asOf: { kind: 'number', number: revision.number }, effectiveAt: instant },
    wanted,
    // As over REST, exports are resolved unless it is said that they are not to be.
    feedsAsOf ?? readFeedsAsOf(resolve ? { resolve } : {}, asOf, 'feeds')
  )
  dependencies.addFeeds(point)
  const { body, mediaType, fileName, report } = await exportAt(catalogues, point, wanted)
  if (!isTimed) dependencies.endAt(point.interval.validUntil)
  const query = [...queryOf(args), ...(resolve === 'none' ? [['resolve', resolve] satisfies [string, string]] : [])]
  const effectiveAt = formatInstant(isTimed ? instant : mementoInstant(point))
  const path = `${base}/v1/catalogues/${revision.catalogue}/exports/${args.format}`
  const pins: [string, string][] = [
    ['asOf', String(revision.number)],
    ['effectiveAt', effectiveAt],
    ...feedPins(point).map((pin): [string, string] => ['feedsAsOf', pin])
  ]
  return {
    format: args.format,
    url: `${path}?${new URLSearchParams([...query, ...pins])}`,
    currentUrl: query.length === 0 ? path : `${path}?${new URLSearchParams(query)}`,
    mediaType,
    fileName,
    size: body.byteLength,
    digest: `sha256:${createHash('sha256').update(body).digest('hex')}`,
    report
  }
}

/** The query parameters of the same export over REST. */
function queryOf({ format: _, filter, ...rest }: CatalogueExportArgs): [string, string][] {
  const filters = Object.entries(mirrorFilter(filter)).flatMap(([name, values]) =>
    values.map((value: (typeof values)[number]): [string, string] => [
      name,
      typeof value === 'object' ? `${value.namespace}:${value.value}` : String(value)
    ])
  )
  return [...filters, ...Object.entries(withoutNulls(rest))]
}
