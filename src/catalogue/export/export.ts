import type { Document } from '../../domain/document/document.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { ExportRequest } from '../../domain/export/export-request.ts'
import { exportView, narrowServices } from '../../domain/export/export-view.ts'
import type { SiteFacts } from '../../domain/export/site-count.ts'
import { narrowTo } from '../../domain/export/slice.ts'
import { isOpen, type Window, windowInterval, windowView } from '../../domain/export/window.ts'
import { type Revision, revisionKey } from '../../domain/history/revision.ts'
import type { FeedsAsOf } from '../../domain/read/feeds-as-of.ts'
import { suppressedRows } from '../../domain/site/suppressed-rows.ts'
import { type Filter, filterView } from '../../domain/view/filter.ts'
import { commonInterval, type Interval } from '../../domain/view/lifetime.ts'
import type { View } from '../../domain/view/view.ts'
import { type Artifact, renderExport } from '../../render/export/export.ts'
import type { Format } from '../../render/export/format.ts'
import { formats } from '../../render/formats/formats.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'
import { feedFacts, pointWithFeeds } from '../read/feed-parts.ts'
import {
  type CataloguePoint,
  type Clocks,
  type Point,
  pointAt,
  publishedAtOf,
  recordedAtOf,
  revisionsOf,
  type SitePoint
} from '../read/point.ts'
import { wholeView } from '../read/resolved.ts'
import { requireSlice } from './slices.ts'

/** The parts of a request for an export, beside its point. */
export interface Export {
  readonly format: Format
  readonly filter: Filter
  readonly window: Window
  readonly request: ExportRequest
}

/** @throws PortolanError `not_found` */
export function requireFormat(name: string): Format {
  const found = formats.find((format) => format.name === name)
  if (found) return found
  throw new PortolanError(
    'not_found',
    `There is no format ${name}. There are ${formats.map((format) => format.name).join(', ')}.`
  )
}

/** What of an export moves its dates. */
type WantedDates = Pick<Export, 'window' | 'filter' | 'request'>

/**
 * The point at which an export of a catalogue is read. Without `feedsAsOf` references to feeds are not resolved.
 * @throws PortolanError those of `pointAt`, `pointWithFeeds` and `windowPoint`
 */
export async function exportPoint(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>,
  catalogue: string,
  clocks: Clocks,
  wanted: WantedDates,
  feedsAsOf?: FeedsAsOf
): Promise<CataloguePoint> {
  const own = await pointAt(catalogues, catalogue, clocks)
  return windowPoint(catalogues, feedsAsOf ? await pointWithFeeds(catalogues, own, feedsAsOf) : own, wanted)
}

/**
 * A point for an export: its window moves the transitions, and with them the interval. Timed rules keep the dates themselves: they are the
 * same from one revision to the next, and have no interval.
 * @throws PortolanError `invalid_parameter` where something asks for dates that timed rules have anyway
 */
export async function windowPoint<Kind extends Point>(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  point: Kind,
  { window, filter, request }: WantedDates
): Promise<Kind> {
  if (request.timed) {
    const wrong = isOpen(window) ? 'lead and lag' : filter.status && 'status'
    if (wrong)
      throw new PortolanError('invalid_parameter', `Timed rules have every date of their own: leave ${wrong} out.`)
    return { ...point, instant: publishedAtOf(point), interval: {} }
  }
  if (!isOpen(window)) return point
  if (point.site) return { ...point, interval: windowInterval(point.merged.document, point.instant, window) }
  const revisions = [...revisionsOf(point), ...(point.feeds ?? []).flatMap(({ found }) => found.slice(0, 1))]
  const intervals: Interval[] = []
  for (const revision of revisions)
    intervals.push(windowInterval(await loadDocument(catalogues, revision), point.instant, window))
  return { ...point, interval: commonInterval(intervals) }
}

/** The report has a finding for each entry that was left out or widened. */
const artifacts: Slot<Artifact> = {
  name: 'export',
  bytes: ({ body, report }) => body.byteLength + 200 * (report.omitted + report.widened) + 1_000
}

/**
 * The export at a point. It is the same between two transitions, so it is rendered once and kept.
 * @throws PortolanError `unknown_slice`, and those of `renderExport`
 */
export async function exportAt(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  point: Point,
  wanted: Export
): Promise<Artifact> {
  const key = cacheKeyOf(point, wanted)
  const kept = catalogues.cache.get(artifacts, key)
  if (kept) return kept
  const { format, request, filter } = wanted
  const view = await sourceOf(catalogues, point, wanted)
  const { slice } = request
  const facts = {
    recordedAt: recordedAtOf(point),
    history: await historyFor(catalogues, point, format),
    ...(point.site && { site: await siteFactsOf(catalogues, point) })
  }
  if (slice === undefined || slice === 'all')
    return keep(renderExport(narrowServices(view, filter), format, request, facts))
  const known = { ...facts, slice: await requireSlice(catalogues, point, slice) }
  return keep(renderExport(narrowServices(narrowTo(view, slice), filter), format, request, known))

  function keep(artifact: Artifact): Artifact {
    catalogues.cache.set(artifacts, key, artifact)
    return artifact
  }
}

/** What the site of an export says beyond its view. */
async function siteFactsOf(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  { site: { document }, parts, instant }: SitePoint
): Promise<SiteFacts> {
  const documents = new Map<string, Document>()
  if (document.overlays.some(({ action }) => action === 'suppress'))
    for (const { revision } of parts) documents.set(revision.catalogue, await loadDocument(catalogues, revision))
  return { document, suppressed: suppressedRows(document, documents, instant) }
}

/** The most revisions of a change history in an export. */
const mostRevisions = 100

async function historyFor(
  { store }: Pick<Catalogues, 'store'>,
  point: Point,
  format: Format
): Promise<readonly Revision[]> {
  if (point.site || format.kind !== 'table' || !format.hasHistory) return []
  const { catalogue, number } = point.revision
  return store.revisions(catalogue, { from: number, limit: mostRevisions })
}

async function sourceOf(catalogues: Pick<Catalogues, 'store' | 'cache'>, point: Point, wanted: Export): Promise<View> {
  const view = await wholeView(catalogues, point)
  const { window, filter, request } = wanted
  if (request.timed) {
    const { validFrom: _, validUntil: __, ...rest } = filterView(view, filter)
    return rest
  }
  return exportView(isOpen(window) ? windowView(view, point.instant, point.interval, window) : view, filter)
}

function cacheKeyOf(point: Point, { format, filter, window, request }: Export): string {
  const { maxExtra, ...rest } = request
  const { interval, feeds } = point
  return JSON.stringify([
    point.site ? ['site', point.site.revision.site, point.site.revision.number] : [],
    ...revisionsOf(point).map(revisionKey),
    interval.validFrom ?? 0,
    feeds ? `resolved ${feedFacts({ feeds })}` : '',
    format.name,
    filter,
    window,
    { ...rest, maxExtra: String(maxExtra) }
  ])
}
