import { PortolanError } from '../../domain/errors.ts'
import { addExtra, aggregateEntries, noExtra } from '../../domain/export/export-aggregate.ts'
import { exportEntries, type SliceEntries, unionOf } from '../../domain/export/export-entry.ts'
import type { ExportRequest } from '../../domain/export/export-request.ts'
import { express, finding, type Omission, type Widening } from '../../domain/export/expression.ts'
import type { SiteFacts } from '../../domain/export/site-count.ts'
import type { Slice } from '../../domain/export/slice.ts'
import { ownEndsOf } from '../../domain/export/sourced.ts'
import { type Dates, isTimed, type SpanView, spanViews } from '../../domain/export/timed-span.ts'
import { asApex, expressionWith } from '../../domain/export/wildcards.ts'
import type { Revision } from '../../domain/history/revision.ts'
import type { ExtraAddresses } from '../../domain/network/cidr-budget.ts'
import { selfRole } from '../../domain/site/site-document.ts'
import { type Instant, readInstant } from '../../domain/time/instant.ts'
import { isSiteView, newestPublish, type View } from '../../domain/view/view.ts'
import { countRows } from './flat-rows.ts'
import type { ExportHead, Format, ListFormat, PolicyFormat, Rendered, TableFormat } from './format.ts'
import { type Figures, headingOf } from './heading.ts'
import { placeholders } from './placeholder.ts'

/** What is known of an export beyond its view. */
export interface ExportFacts {
  /** When the newest of its revisions was recorded. */
  readonly recordedAt: Instant
  /** The slice that is asked for. The view may have no entry of it any more. */
  readonly slice?: Slice
  /** Of an export of a site. */
  readonly site?: SiteFacts
  /** For a format with `hasHistory`: the newest revisions up to that of the view, newest first. */
  readonly history?: readonly Revision[]
}

/** A rendered export, with everything that its report says. */
export interface Composition {
  readonly rendered: Rendered
  readonly figures: Figures
  /** How many placeholders stand in for empty lists. */
  readonly placeholder: number
  /** What the export opens beyond the catalogue. */
  readonly extra: ExtraAddresses
  readonly omissions: readonly Omission[]
  readonly widenings: readonly Widening[]
  /** What was rendered, for the limits of devices. */
  readonly slices: readonly SliceEntries[]
}

interface ComposeInput<F extends Format> {
  readonly view: View
  readonly format: F
  readonly mode: string
  readonly request: ExportRequest
  readonly facts: ExportFacts
}

/** @throws PortolanError `invalid_parameter`, `slice_required`, `budget_exceeded`, and those of the format */
export function compose(view: View, format: Format, request: ExportRequest, facts: ExportFacts): Composition {
  const input = { view, mode: modeOf(format, request), request, facts }
  refuseHeadroom(format, request)
  if (request.timed) requireDates(format)
  switch (format.kind) {
    case 'table':
      return composeRows({ ...input, format })
    case 'list':
      return composeEntries({ ...input, format }, listKind)
    case 'policy':
      return composeEntries({ ...input, format }, policyKind)
    default:
      throw new Error(`unknown kind of format: ${format satisfies never}`)
  }
}

function modeOf({ name, modes = [] }: Format, { mode }: ExportRequest): string {
  if (mode === undefined) return modes[0] ?? ''
  if (modes.includes(mode)) return mode
  const right = modes.length === 0 ? 'it has no modes' : `it has ${modes.join(' and ')}`
  throw new PortolanError('invalid_parameter', `${name} has no mode ${mode}: ${right}.`)
}

function refuseHeadroom(format: Format, { headroom }: ExportRequest): void {
  if (headroom === undefined || (format.kind === 'policy' && format.hasHeadroom)) return
  throw new PortolanError('invalid_parameter', `${format.name} has no size of its own: leave headroom out.`)
}

/** @throws PortolanError `not_timed` */
function requireDates(format: Format): Dates {
  if (format.kind === 'policy' && format.dates) return format.dates
  throw new PortolanError(
    'not_timed',
    `${format.name} has no rules that keep dates. See /v1/formats for those that have them.`
  )
}

function composeRows(input: ComposeInput<TableFormat>): Composition {
  const { view, format, mode, request } = input
  refuseForTables(format, request)
  const entries = countRows(view)
  const figures = { entries, omitted: 0, widened: 0 }
  return {
    rendered: format.render({ head: headOf(input, figures), mode, view, history: input.facts.history ?? [] }),
    figures,
    placeholder: 0,
    extra: noExtra,
    omissions: [],
    widenings: [],
    slices: []
  }
}

function refuseForTables({ name }: Format, { aggregate, empty, limits, wildcards }: ExportRequest): void {
  const wrong =
    aggregate !== undefined && aggregate.kind !== 'none'
      ? 'aggregate'
      : empty === 'placeholder'
        ? 'empty'
        : limits !== undefined
          ? 'limits'
          : wildcards !== undefined
            ? 'wildcards'
            : undefined
  if (wrong === undefined) return
  throw new PortolanError('invalid_parameter', `${name} lists rows as the catalogue has them: leave ${wrong} out.`)
}

/** What distinguishes the two kinds of format that are rendered from entries. */
interface EntryKind<F extends ListFormat | PolicyFormat> {
  /** @throws PortolanError where the format cannot be rendered for these slices */
  readonly checkSlices: (format: F, request: ExportRequest, slices: readonly SliceEntries[]) => void
  /** The groups of entries that are aggregated, filled and counted together. `expressed`: the slices without what the format omits. */
  readonly groupsOf: (slices: readonly SliceEntries[], expressed: readonly SliceEntries[]) => readonly SliceEntries[]
  readonly render: (
    input: ComposeInput<F>,
    head: ExportHead,
    slices: readonly SliceEntries[],
    groups: readonly SliceEntries[]
  ) => Rendered
}

/** A list has no slices, so it is one group. */
const listKind: EntryKind<ListFormat> = {
  checkSlices: requireOneSlice,
  groupsOf: (slices, expressed) => [{ slice: mergedSlice(slices), entries: unionOf(expressed) }],
  render: ({ format, mode }, head, slices, groups) =>
    format.render({
      head,
      mode,
      entries: groups.flatMap(({ entries }) => entries),
      ...(slices.length === 1 && slices[0] && { slice: slices[0].slice })
    })
}

const policyKind: EntryKind<PolicyFormat> = {
  checkSlices: () => {},
  groupsOf: (_, expressed) => expressed,
  render: ({ format, mode, request: { headroom = 0 } }, head, found, slices) => {
    const own = ownEndsOf(found)
    return format.render({ head, mode, slices, headroom, ...(own.length > 0 && { own }) })
  }
}

function composeEntries<F extends ListFormat | PolicyFormat>(input: ComposeInput<F>, kind: EntryKind<F>): Composition {
  const { view, format, request, facts } = input
  const { slices, unsaid } = request.timed ? timedSlices(view, requireDates(format)) : untimedSlices(view, facts)
  kind.checkSlices(format, request, slices)
  const expressed = express(slices, expressionWith(format, request.wildcards))
  const written = request.wildcards === 'apex' ? asApex(expressed.slices) : expressed.slices
  const aggregated = kind.groupsOf(slices, written).map(({ slice, entries }) => {
    const { widened, ...rest } = aggregateEntries(entries, request.aggregate ?? { kind: format.aggregate })
    return { slice, ...rest, widenings: widened.map((entry) => finding(slice, entry, 'aggregate')) }
  })
  const extra = aggregated.map((group) => group.extra).reduce(addExtra, noExtra)
  checkExtra(request, extra)
  const widenings = [...expressed.widenings, ...aggregated.flatMap((group) => group.widenings), ...unsaid.widenings]
  const omissions = [...expressed.omissions, ...unsaid.omissions].map((each) =>
    isSiteView(view) ? ofSite(each) : each
  )
  const count = aggregated.reduce((sum, { entries }) => sum + entries.length, 0)
  const hasSources = slices.some(({ entries }) => entries.some(({ sources }) => sources))
  const figures = {
    entries: count,
    omitted: omissions.length,
    widened: widenings.length,
    ...(hasSources && { sources: format.expression.sources ? ('written' as const) : ('left_away' as const) })
  }
  const inert = aggregated.map(({ entries }) => placeholders(format, request.empty, entries))
  const filled = aggregated.map(({ slice, entries }, index) => ({
    slice,
    entries: [...entries, ...(inert[index] ?? [])]
  }))
  return {
    rendered: kind.render(input, headOf(input, figures), slices, filled),
    figures,
    placeholder: inert.flat().length,
    extra,
    omissions,
    widenings,
    slices: filled
  }
}

/** A site could have bound the role, unless it is the product itself. */
function ofSite(omission: Omission): Omission {
  return omission.reason === 'role' && omission.value !== selfRole ? { ...omission, reason: 'unbound' } : omission
}

interface TimedSlices {
  readonly slices: readonly SliceEntries[]
  /** What became of dates that the device cannot match. */
  readonly unsaid: { readonly omissions: readonly Omission[]; readonly widenings: readonly Widening[] }
}

/** The slices of the view. A slice that the view no longer has is empty: whatever refers to it must not keep its last content. */
function untimedSlices(view: View, { slice }: ExportFacts): TimedSlices {
  const found = exportEntries(view)
  const slices = found.length === 0 && slice ? [{ slice, entries: [] }] : found
  return { slices, unsaid: { omissions: [], widenings: [] } }
}

/** The slices of each span, those of what holds without one first. */
function timedSlices(view: View, dates: Dates): TimedSlices {
  const parts = spanViews(view, readInstant(newestPublish(view)), dates).map(({ span, unsaid, view: part }) => ({
    unsaid,
    slices: exportEntries(part)
      .filter(({ entries }) => entries.length > 0 || !isTimed(span))
      .map(({ slice, entries }) => ({ slice: isTimed(span) ? { ...slice, span } : slice, entries }))
  }))
  const findings = <Reason extends string>(wanted: SpanView['unsaid'], reason: Reason) =>
    parts
      .filter(({ unsaid }) => unsaid === wanted)
      .flatMap(({ slices }) =>
        slices.flatMap(({ slice, entries }) => entries.map((entry) => finding(slice, entry, reason)))
      )
  return {
    slices: parts.filter(({ unsaid }) => unsaid !== 'begin').flatMap(({ slices }) => slices),
    unsaid: { omissions: findings('begin', 'late_begin'), widenings: findings('end', 'late_end') }
  }
}

function requireOneSlice({ name }: ListFormat, { slice }: ExportRequest, slices: readonly SliceEntries[]): void {
  if (slice !== undefined || slices.length <= 1) return
  const names = slices.map((each) => each.slice.name)
  throw new PortolanError(
    'slice_required',
    `${name} has no ports, and the view has ${names.length} slices: a rule that uses the list would open the ports of each slice for all the others. Give slice= with one of ${names.join(', ')}, or slice=all if you mean all of them.`,
    { extra: { slices: names } }
  )
}

/** The slice under which the report names the entries of a list. */
function mergedSlice(slices: readonly SliceEntries[]): Slice {
  const [only, ...others] = slices
  return only && others.length === 0 ? only.slice : { name: 'all', direction: 'both', transport: 'any' }
}

function checkExtra({ maxExtra }: ExportRequest, { ipv4, ipv6 }: ExtraAddresses): void {
  if (maxExtra === undefined || Math.max(ipv4, ipv6) <= maxExtra) return
  throw new PortolanError(
    'budget_exceeded',
    `This budget opens ${ipv4} addresses of IPv4 and ${ipv6} /64 networks of IPv6 that the catalogue does not name; maxExtra=${maxExtra} holds for each.`
  )
}

function headOf({ view, format, request, facts }: ComposeInput<Format>, figures: Figures): ExportHead {
  const { id, title, revision, validFrom, validUntil } = view
  return {
    id,
    title,
    product: isSiteView(view) ? title : view.product,
    revision,
    publishedAt: newestPublish(view),
    ...(validFrom !== undefined && { validFrom }),
    ...(validUntil !== undefined && { validUntil }),
    serial: serialOf(view, facts),
    ...(isOfSite(view) && { isOfSite: true }),
    lines: headingOf(view, format.name, request, figures)
  }
}

function isOfSite(view: View): boolean {
  return isSiteView(view) || view.requirements.some(({ catalogue }) => catalogue !== undefined)
}

/**
 * Seconds since 1970 of the newest change of the view, plus the numbers of its revisions. A view that had ended before its revision was
 * recorded was never the newest one: it counts from the publication of the revision, so that its serial is below that of every newer view.
 */
function serialOf(view: View, { recordedAt }: ExportFacts): number {
  const { validFrom, validUntil } = view
  const isHistory = validUntil !== undefined && readInstant(validUntil) <= recordedAt
  const base = isHistory ? readInstant(newestPublish(view)) : recordedAt
  const changedAt = validFrom === undefined ? base : Math.max(base, readInstant(validFrom))
  const parts = isSiteView(view) ? view.catalogues : []
  return parts.reduce((sum, { revision }) => sum + revision.number, Math.floor(changedAt / 1000) + view.revision.number)
}
