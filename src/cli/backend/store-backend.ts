import { setTimeout as pause } from 'node:timers/promises'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { changePackOf, readPackRequest, type WrittenPackRequest } from '../../catalogue/change-pack/change-pack.ts'
import { eventsAfter } from '../../catalogue/event/events.ts'
import { requirePlace } from '../../catalogue/event/log-place.ts'
import { exportAt, exportPoint, requireFormat } from '../../catalogue/export/export.ts'
import { slicesAt } from '../../catalogue/export/slices.ts'
import { productNameIn } from '../../catalogue/heads.ts'
import { type Comparand, compare } from '../../catalogue/history/compare.ts'
import { revisionOf } from '../../catalogue/history/revisions.ts'
import { timelineOf } from '../../catalogue/history/timeline.ts'
import { auditEntries } from '../../catalogue/lookup/audit.ts'
import { lookUp } from '../../catalogue/lookup/lookup.ts'
import { search } from '../../catalogue/lookup/search.ts'
import { type Published, publishDocument, restoreRevision } from '../../catalogue/publishing/publish.ts'
import { listCatalogues, listedHeadsAt } from '../../catalogue/read/catalogue-list.ts'
import { documentJson, loadDocument } from '../../catalogue/read/document.ts'
import { pointWithFeeds } from '../../catalogue/read/feed-parts.ts'
import { type CataloguePoint, pointAt, requireHead } from '../../catalogue/read/point.ts'
import { catalogueViewOf } from '../../catalogue/read/view.ts'
import { readExportRequest, readWindow } from '../../domain/export/export-request.ts'
import { parseAuditEntries, type WrittenEntry } from '../../domain/lookup/audit-entry.ts'
import { auditPage } from '../../domain/lookup/audit-page.ts'
import type { Draft, Manuscript, Notation } from '../../domain/publishing/draft.ts'
import type { AsOf } from '../../domain/read/as-of.ts'
import { readFeedsAsOf, type WrittenResolve } from '../../domain/read/feeds-as-of.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { type PackFormatName, packFormats } from '../../render/change-pack/pack-formats.ts'
import { eventJson } from '../../render/event/event-json.ts'
import { comparisonJson } from '../../render/history/comparison-json.ts'
import { revisionJson } from '../../render/history/revision-json.ts'
import { renderYaml } from '../../render/yaml.ts'
import { type ClockArguments, clocksOfArguments, type SharedClockArguments } from '../shell/clock-options.ts'
import type { ViewOptions } from '../shell/filter-options.ts'
import type {
  AuditQuery,
  Backend,
  ExportQuestion,
  LogAnswer,
  LogQuery,
  PublishAnswer,
  PublishOptions
} from './backend.ts'

const whole = { offset: 0, limit: Number.MAX_SAFE_INTEGER }
/** How often a store is looked into while a command waits for new events, in ms. */
const pollMs = 1000
const precondition = { kind: 'any' } as const

/** Answers commands by the use cases, on a store in reach, with or without a running service. `base`: the base of links. */
export class StoreBackend implements Backend {
  private readonly all: Catalogues
  private readonly base: string

  constructor(catalogues: Catalogues, base: string) {
    this.all = catalogues
    this.base = base
  }

  async catalogues({ asOf, effectiveAt }: SharedClockArguments) {
    const heads = await listedHeadsAt(this.all, { seq: this.all.heads.seq, ...(asOf !== undefined && { asOf }) })
    return listCatalogues(heads, effectiveAt ?? this.all.now(), whole).items
  }

  async view(id: string, query: ViewOptions) {
    const filter = filterOf(query)
    return catalogueViewOf(this.all, await this.point(id, query), filter)
  }

  async document(id: string, asOf: AsOf | undefined, notation: Notation) {
    const { revision } = await this.point(id, asOf ? { asOf } : {})
    if (notation === 'yaml') return renderYaml(await loadDocument(this.all, revision))
    return Buffer.from(await documentJson(this.all, revision)).toString('utf8')
  }

  async revisions(id: string) {
    const { number } = requireHead(this.all, id).revision
    return (await this.all.store.revisions(id, { from: number, limit: number })).map(revisionJson)
  }

  async diff(id: string, from: Comparand, to: Comparand) {
    return comparisonJson(await compare(this.all, id, from, to))
  }

  async changePack(id: string, format: PackFormatName, query: WrittenPackRequest) {
    const pack = await changePackOf(this.all, id, readPackRequest(query))
    const url = `${this.base}/v1/catalogues/${id}/change-pack?from=${pack.from.number}&to=${pack.to.number}`
    return packFormats[format].render(pack, { base: this.base, url })
  }

  async timeline(id: string, clocks: ClockArguments) {
    const { revision, instant } = await this.point(id, clocks)
    return (await timelineOf(this.all, revision, instant, whole)).entries
  }

  async slices(id: string, query: ViewOptions) {
    const filter = filterOf(query)
    return slicesAt(this.all, await this.point(id, query), filter)
  }

  async export(id: string, format: string, query: ExportQuestion) {
    return (await this.artifact(id, format, query)).body
  }

  async exportReport(id: string, format: string, query: ExportQuestion) {
    return (await this.artifact(id, format, query)).report
  }

  async lookUp(value: string, clocks: SharedClockArguments) {
    return (await lookUp(this.all, value, this.sharedClocks(clocks))).found
  }

  async search(text: string, clocks: SharedClockArguments) {
    return (await search(this.all, text, this.sharedClocks(clocks), whole)).hits
  }

  async audit(id: string, entries: readonly WrittenEntry[], query: AuditQuery) {
    const { revision, instant } = await this.point(id, query)
    const feedsAsOf = readFeedsAsOf(query, clocksOfArguments(query).asOf)
    const audit = await auditEntries(this.all, {
      ...parseAuditEntries(entries),
      revisions: [revision],
      instant,
      filter: filterOf(query),
      ...(query.by && { by: query.by }),
      ...(feedsAsOf && { feedsAsOf })
    })
    return { revision, instant, page: auditPage(audit, whole).page }
  }

  async events({ after, limit, catalogue, type, isWaiting }: LogQuery): Promise<LogAnswer> {
    await requirePlace(this.all, { seq: after })
    const filter = { ...(catalogue && { catalogues: catalogue }), ...(type && { types: type }) }
    const { events, hasMore } = await eventsAfter(this.all, { after, limit, ...filter })
    if (events.length === 0 && isWaiting) {
      await pause(pollMs)
      // The heads say whether there are new events, and name the products of new catalogues.
      await this.all.heads.refresh()
    }
    const { epoch } = this.all.store
    return { events: events.map((event) => eventJson(event, event.prevSeq, epoch, this.base)), hasMore }
  }

  async productName(catalogue: string) {
    return productNameIn(this.all.heads, catalogue)
  }

  async publish(id: string, manuscript: Manuscript | Draft, options: PublishOptions) {
    return answerOf(await publishDocument(this.all, { catalogue: id, manuscript, precondition, ...options }))
  }

  async restore(id: string, number: number, options: PublishOptions) {
    requireHead(this.all, id)
    await revisionOf(this.all, id, number)
    return answerOf(await restoreRevision(this.all, { catalogue: id, number, precondition, ...options }))
  }

  private async point(id: string, query: ClockArguments & WrittenResolve): Promise<CataloguePoint> {
    const clocks = clocksOfArguments(query)
    const feedsAsOf = readFeedsAsOf(query, clocks.asOf)
    const point = await pointAt(this.all, id, clocks)
    return feedsAsOf ? pointWithFeeds(this.all, point, feedsAsOf) : point
  }

  private sharedClocks({ asOf, effectiveAt }: SharedClockArguments) {
    const instant = effectiveAt ?? this.all.now()
    return { seq: this.all.heads.seq, instant, ...(asOf !== undefined && { asOf }) }
  }

  private async artifact(id: string, format: string, query: ExportQuestion) {
    const wanted = {
      format: requireFormat(format),
      filter: filterOf(query),
      window: readWindow(query),
      request: readExportRequest(query)
    }
    const clocks = clocksOfArguments(query)
    const feedsAsOf = readFeedsAsOf(query, clocks.asOf, 'feeds')
    return exportAt(this.all, await exportPoint(this.all, id, clocks, wanted, feedsAsOf), wanted)
  }
}

function answerOf(published: Published): PublishAnswer {
  const { kind, revision } = published
  const changes = kind === 'unchanged' ? [] : published.changes
  return { kind, revision: revisionJson(revision), changes, isPart: false }
}
