import type { WrittenPackRequest } from '../../catalogue/change-pack/change-pack.ts'
import type { CountedSlice } from '../../catalogue/export/slices.ts'
import { productName } from '../../catalogue/heads.ts'
import type { Comparand } from '../../catalogue/history/compare.ts'
import type { LookedUp } from '../../catalogue/lookup/places.ts'
import type { SearchHit } from '../../catalogue/lookup/search.ts'
import type { ListedCatalogue } from '../../catalogue/read/catalogue-list.ts'
import { noCatalogue } from '../../catalogue/read/point.ts'
import type { Change } from '../../domain/change/change.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { TimelineEntry } from '../../domain/event/timeline.ts'
import type { WrittenEntry } from '../../domain/lookup/audit-entry.ts'
import type { AuditPage } from '../../domain/lookup/audit-page.ts'
import { type Draft, type Manuscript, type Notation, writtenDraft } from '../../domain/publishing/draft.ts'
import type { AsOf } from '../../domain/read/as-of.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import type { CatalogueView } from '../../domain/view/view.ts'
import type { PackFormatName } from '../../render/change-pack/pack-formats.ts'
import type { ClockArguments, SharedClockArguments } from '../shell/clock-options.ts'
import type { ViewOptions } from '../shell/filter-options.ts'
import type {
  AuditAnswer,
  AuditQuery,
  Backend,
  ComparisonJson,
  EventJson,
  ExportQuestion,
  LogAnswer,
  LogQuery,
  PublishAnswer,
  PublishOptions,
  RevisionJson
} from './backend.ts'
import type { RestAnswer, RestClient, UrlParameters } from './rest-client.ts'

/** Answers commands by a service, over REST. */
export class UrlBackend implements Backend {
  private readonly client: RestClient
  private readonly now: () => Instant
  private readonly products = new Map<string, string>()

  constructor(client: RestClient, now: () => Instant) {
    this.client = client
    this.now = now
  }

  catalogues({ asOf, effectiveAt }: SharedClockArguments) {
    return this.client.items<ListedCatalogue>('/v1/catalogues', sharedClocks({ asOf, effectiveAt }))
  }

  view(id: string, query: ViewOptions) {
    return this.of(id, (path) => this.client.json<CatalogueView>(path, { query: viewParameters(query) }))
  }

  async document(id: string, asOf: AsOf | undefined, notation: Notation) {
    const headers = { accept: `application/${notation}` }
    const query = { asOf: asOf && asOfText(asOf) }
    const { bytes } = await this.of(id, (path) => this.client.ask(`${path}/document`, { query, headers }))
    return Buffer.from(bytes).toString('utf8')
  }

  revisions(id: string) {
    return this.of(id, (path) => this.client.items<RevisionJson>(`${path}/revisions`, {}))
  }

  diff(id: string, from: Comparand, to: Comparand) {
    const query = {
      from: from.asOf && asOfText(from.asOf),
      to: to.asOf && asOfText(to.asOf),
      fromEffectiveAt: instantText(from.effectiveAt),
      toEffectiveAt: instantText(to.effectiveAt)
    }
    return this.of(id, async (path) => {
      const { page: _, ...whole } = joined<ComparisonJson & { readonly page?: unknown }>(
        await this.client.pages(`${path}/diff`, { query }),
        (first, next) => ({ ...first, changes: [...first.changes, ...next.changes] })
      )
      return whole
    })
  }

  async changePack(id: string, format: PackFormatName, { asOf, ...query }: WrittenPackRequest) {
    const parameters = { ...viewParameters(query), asOf, format }
    const { bytes } = await this.of(id, (path) => this.client.ask(`${path}/change-pack`, { query: parameters }))
    return Buffer.from(bytes).toString('utf8')
  }

  timeline(id: string, clocks: ClockArguments) {
    return this.of(id, (path) => this.client.items<TimelineEntry>(`${path}/timeline`, viewParameters(clocks)))
  }

  slices(id: string, query: ViewOptions) {
    return this.of(id, async (path) => {
      const { items } = await this.client.json<{ readonly items: readonly LinkedSlice[] }>(`${path}/slices`, {
        query: viewParameters(query)
      })
      return items.map(({ exports: _, ...slice }) => slice)
    })
  }

  async export(id: string, format: string, query: ExportQuestion) {
    const name = encodeURIComponent(format)
    const parameters = viewParameters(query)
    return (await this.of(id, (path) => this.client.ask(`${path}/exports/${name}`, { query: parameters }))).bytes
  }

  exportReport(id: string, format: string, query: ExportQuestion) {
    const name = encodeURIComponent(format)
    const parameters = viewParameters(query)
    return this.of(id, (path) => this.client.json<object>(`${path}/exports/${name}/report`, { query: parameters }))
  }

  lookUp(value: string, clocks: SharedClockArguments) {
    return this.client.items<LookedUp>('/v1/lookup', { value, ...sharedClocks(clocks) })
  }

  search(text: string, clocks: SharedClockArguments) {
    return this.client.items<SearchHit>('/v1/search', { q: text, ...sharedClocks(clocks) })
  }

  audit(id: string, entries: readonly WrittenEntry[], query: AuditQuery): Promise<AuditAnswer> {
    return this.of(id, async (path) => {
      // The revision comes first, and the audit is of that one and of a named instant, so that both are what is printed.
      const none = { requirement: ['-'], ...(query.asOf && { asOf: query.asOf }) }
      const { revision } = await this.client.json<CatalogueView>(path, { query: viewParameters(none) })
      const asOf = { kind: 'number', number: revision.number } as const
      const instant = query.effectiveAt ?? this.now()
      const request = {
        method: 'POST',
        query: viewParameters({ ...query, asOf, effectiveAt: instant }),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          entries: entries.map(({ value, port }) => (port === undefined ? value : { value, port }))
        })
      } as const
      const { page: _, ...page } = joined<AuditPage & { readonly page?: unknown }>(
        await this.client.pages(`${path}/audit`, request),
        (first, next) => ({
          ...first,
          missing: [...first.missing, ...next.missing],
          covered: [...first.covered, ...next.covered]
        })
      )
      const invalid = page.invalid.map((one) => ({ ...one, detail: (entries[one.index]?.place ?? '') + one.detail }))
      return { revision, instant, page: { ...page, invalid } }
    })
  }

  async events({ after, limit, catalogue, type, isWaiting }: LogQuery): Promise<LogAnswer> {
    const { items, page } = await this.client.json<LogPage>('/v1/events', {
      query: { after, limit, catalogue, type },
      headers: isWaiting ? { prefer: 'wait=30' } : {}
    })
    return { events: items, hasMore: page.next !== null }
  }

  async productName(catalogue: string) {
    if (!this.products.has(catalogue))
      for (const listed of await this.catalogues({})) this.products.set(listed.id, productName(listed))
    return this.products.get(catalogue) ?? catalogue
  }

  async publish(id: string, manuscript: Manuscript | Draft, options: PublishOptions) {
    const { bytes, notation } = 'document' in manuscript ? writtenDraft(manuscript) : manuscript
    const path = pathOf(id)
    const headers = { ...(await this.precondition(path)), 'content-type': `application/${notation}` }
    const query = publishParameters(options)
    return answerOf(await this.client.ask(`${path}/document`, { method: 'PUT', query, headers, body: bytes }), options)
  }

  restore(id: string, number: number, options: PublishOptions) {
    return this.of(id, async (path) => {
      const request = {
        method: 'POST',
        query: publishParameters(options),
        headers: await this.precondition(path)
      } as const
      return answerOf(await this.client.ask(`${path}/revisions/${number}/restore`, request), options)
    })
  }

  /** The document as it is now, whichever it is: a command reads no state before it publishes. */
  private async precondition(path: string): Promise<Readonly<Record<string, string>>> {
    const { status, headers } = await this.client.ask(`${path}/document`, { method: 'HEAD' })
    return status === 404 ? { 'if-none-match': '*' } : { 'if-match': headers.get('etag') ?? '*' }
  }

  /** Asks for something of a catalogue. Where that is not found, it is found out whether the catalogue is. */
  private async of<T>(id: string, ask: (path: string) => Promise<T>): Promise<T> {
    try {
      return await ask(pathOf(id))
    } catch (error) {
      if (!(error instanceof PortolanError) || error.code !== 'not_found') throw error
      throw (await this.catalogues({})).some((listed) => listed.id === id) ? error : noCatalogue(id)
    }
  }
}

type LinkedSlice = CountedSlice & { readonly exports: unknown }

interface LogPage {
  readonly items: readonly EventJson[]
  readonly page: { readonly next: string | null }
}

function pathOf(id: string): string {
  return `/v1/catalogues/${encodeURIComponent(id)}`
}

function joined<T>([first, ...others]: readonly T[], join: (whole: T, next: T) => T): T {
  if (first === undefined) throw new Error('an answer has one page at least')
  return others.reduce(join, first)
}

function asOfText(asOf: AsOf): string | undefined {
  switch (asOf.kind) {
    case 'newest':
      return undefined
    case 'number':
      return String(asOf.number)
    case 'label':
      return `label:${asOf.label}`
    case 'instant':
      return formatInstant(asOf.instant)
    default:
      throw new Error(`unknown kind ${asOf satisfies never}`)
  }
}

function instantText(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : formatInstant(instant)
}

function sharedClocks({
  asOf,
  effectiveAt
}: {
  readonly asOf?: Instant | undefined
  readonly effectiveAt?: Instant | undefined
}): UrlParameters {
  return { asOf: instantText(asOf), effectiveAt: instantText(effectiveAt) }
}

/** The parameters of a read: the options of the command have their names and values, and the clocks are written out. */
function viewParameters({ asOf, effectiveAt, timed, ...rest }: ExportQuestion & AuditQuery): UrlParameters {
  return {
    ...rest,
    timed: timed ? 'true' : undefined,
    asOf: asOf && asOfText(asOf),
    effectiveAt: instantText(effectiveAt)
  }
}

/** @throws PortolanError `invalid_parameter` for an author: of what comes over HTTP it is the owner of the key */
function publishParameters({ isDryRun, overrides, reason, author }: PublishOptions): UrlParameters {
  if (author !== undefined)
    throw new PortolanError('invalid_parameter', 'Over HTTP the author is the owner of the key: leave --author out.')
  return { dryRun: isDryRun ? 'true' : undefined, override: overrides, reason }
}

function answerOf({ status, headers, bytes }: RestAnswer, { isDryRun }: PublishOptions): PublishAnswer {
  // The service answers as its contract says.
  const {
    changes,
    truncated = false,
    ...revision
  }: RevisionJson & Told = JSON.parse(Buffer.from(bytes).toString('utf8'))
  const isThere = headers.has('portolan-revision')
  const kind = status === 201 ? 'published' : isDryRun && !isThere ? 'would_publish' : 'unchanged'
  return { kind, revision, changes, isPart: truncated }
}

interface Told {
  readonly changes: readonly Change[]
  readonly truncated?: boolean
}
