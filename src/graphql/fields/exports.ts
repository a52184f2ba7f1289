import { createHash } from 'node:crypto'
import { exportAt, exportPoint, requireFormat } from '../../catalogue/export/export.ts'
import { mementoInstant } from '../../catalogue/read/point.ts'
import { readExportRequest, readWindow } from '../../domain/export/export-request.ts'
import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { formats } from '../../render/formats/formats.ts'
import type { Context } from '../reading/context.ts'
import type { Resolvers } from '../reading/resolver.ts'
import type { CatalogueRead } from '../reading/tree.ts'
import { type MirrorFilterInput, mirrorFilter } from './mirror-filter.ts'

type Maybe<T> = T | null
interface ExportArgs {
  readonly format: string
  readonly filter?: Maybe<MirrorFilterInput>
  readonly slice?: Maybe<string>
  readonly part?: Maybe<string>
  readonly mode?: Maybe<string>
  readonly aggregate?: Maybe<string>
  readonly maxExtra?: Maybe<string>
  readonly empty?: Maybe<'placeholder' | 'none'>
  readonly lead?: Maybe<string>
  readonly lag?: Maybe<string>
  readonly limits?: Maybe<string>
}

export const exportFields: Resolvers = {
  Query: { formats: () => formats },
  Catalogue: { export: (read: CatalogueRead, args: ExportArgs, context) => exportOf(read, args, context) }
}

async function exportOf(
  { point: read }: CatalogueRead,
  args: ExportArgs,
  { snapshot: { catalogues, dependencies }, base }: Context
) {
  const { format: name, filter, ...rest } = args
  const { lead, lag, ...request } = withoutUndefined(
    Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, value ?? undefined]))
  )
  const window = readWindow({ ...(lead !== undefined && { lead }), ...(lag !== undefined && { lag }) })
  const wanted = {
    format: requireFormat(name),
    filter: mirrorFilter(filter),
    window,
    request: readExportRequest(request)
  }
  const { revision, instant, isTimed } = read
  const point = await exportPoint(
    catalogues,
    revision.catalogue,
    { asOf: { kind: 'number', number: revision.number }, effectiveAt: instant },
    window
  )
  const { body, mediaType, fileName, report } = await exportAt(catalogues, point, wanted)
  if (!isTimed) dependencies.endAt(point.interval.validUntil)
  const query = queryOf(args)
  const effectiveAt = formatInstant(isTimed ? instant : mementoInstant(point))
  const path = `${base}/v1/catalogues/${revision.catalogue}/exports/${name}`
  return {
    format: name,
    url: `${path}?${new URLSearchParams([...query, ['asOf', String(revision.number)], ['effectiveAt', effectiveAt]])}`,
    currentUrl: query.length === 0 ? path : `${path}?${new URLSearchParams(query)}`,
    mediaType,
    fileName,
    size: body.byteLength,
    digest: `sha256:${createHash('sha256').update(body).digest('hex')}`,
    report
  }
}

/** The parameters of the same export over REST. */
function queryOf({ format: _, filter, ...rest }: ExportArgs): [string, string][] {
  const filters = Object.entries(filter ?? {}).flatMap(([name, values]): [string, string][] =>
    [values ?? []]
      .flat()
      .map((value) => [name, typeof value === 'object' ? `${value.namespace}:${value.value}` : String(value)])
  )
  const others = Object.entries(rest).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : []
  )
  return [...filters, ...others]
}
