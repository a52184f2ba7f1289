import { createHash } from 'node:crypto'
import { PortolanError } from '../../domain/errors.ts'
import { limitFault } from '../../domain/export/device-limit.ts'
import { aggregateEntries } from '../../domain/export/export-aggregate.ts'
import { exportEntries, type SliceEntries, unionOf } from '../../domain/export/export-entry.ts'
import type { ExportReport } from '../../domain/export/export-report.ts'
import type { ExportRequest } from '../../domain/export/export-request.ts'
import { express, finding, type Omission, type Widening } from '../../domain/export/expression.ts'
import type { Slice } from '../../domain/export/slice.ts'
import { type Instant, readInstant } from '../../domain/time/instant.ts'
import type { View } from '../../domain/view/view.ts'
import { countRows } from './flat-rows.ts'
import type { ExportHead, Format, ListFormat, Rendered } from './format.ts'
import { type Figures, headingOf } from './heading.ts'
import { placeholders } from './placeholder.ts'
import { shortName } from './short-name.ts'
import { tar } from './tar.ts'

/** The bytes of an export, with what they are called, and what is to be said of them. */
export interface Artifact {
  readonly body: Uint8Array
  readonly mediaType: string
  readonly fileName: string
  readonly report: ExportReport
}

/** What is known of an export beyond its view. */
export interface Known {
  readonly recordedAt: Instant
  /** The slice that is asked for, which the view may not have any more. */
  readonly slice?: Slice
}

/**
 * Renders what an export is made of, already filtered and narrowed to its slice.
 * @throws PortolanError `invalid_parameter`, `slice_required`, `budget_exceeded`, `limit_exceeded`
 */
export function renderExport(view: View, format: Format, request: ExportRequest, known: Known): Artifact {
  const composed = compose(view, format, request, known)
  const { figures } = composed
  const report: ExportReport = {
    catalogue: view.id,
    revision: view.revision,
    format: format.name,
    ...(request.slice !== undefined && request.slice !== 'all' && { slice: request.slice }),
    ...(view.validFrom !== undefined && { validFrom: view.validFrom }),
    ...(view.validUntil !== undefined && { validUntil: view.validUntil }),
    ...figures,
    placeholder: composed.placeholder,
    extraAddresses: String(composed.extra),
    omissions: composed.omissions,
    widenings: composed.widenings,
    unnamed: view.requirements.filter(({ endpoints }) => endpoints.length === 0).map(({ key }) => key)
  }
  const file = fileOf(view, format, request, composed.rendered)
  const body = typeof file.content === 'string' ? Buffer.from(file.content) : file.content
  checkLimits(request, composed.sizes, body.byteLength)
  return { body, mediaType: file.mediaType, fileName: file.name, report }
}

/** The MD5 of the bytes in hex: what feed readers compare. It guards against half a download, not against anybody. */
export function md5({ body }: Artifact): string {
  return `${createHash('md5').update(body).digest('hex')}\n`
}

interface Composed {
  readonly rendered: Rendered
  readonly figures: Figures
  readonly placeholder: number
  readonly extra: bigint
  readonly omissions: readonly Omission[]
  readonly widenings: readonly Widening[]
  readonly sizes: { readonly addresses: number; readonly names: number }
}

function compose(view: View, format: Format, request: ExportRequest, known: Known): Composed {
  const mode = modeOf(format, request)
  if (format.kind === 'table') {
    refuseForTables(format, request)
    const entries = countRows(view)
    const figures = { entries, omitted: 0, widened: 0 }
    return {
      rendered: format.render({ head: headOf(view, format, request, figures, known), mode, view }),
      figures,
      placeholder: 0,
      extra: 0n,
      omissions: [],
      widenings: [],
      sizes: { addresses: entries, names: 0 }
    }
  }
  const slices = slicesIn(view, known)
  if (format.kind === 'list') requireOneSlice(format, request, slices)
  const expressed = express(slices, format.expression)
  const groups: readonly SliceEntries[] =
    format.kind === 'policy' ? expressed.slices : [{ slice: mergedSlice(slices), entries: unionOf(expressed.slices) }]
  const aggregated = groups.map(({ slice, entries }) => {
    const { widened, ...rest } = aggregateEntries(entries, request.aggregate ?? { kind: format.aggregate })
    return { slice, ...rest, widenings: widened.map((entry) => finding(slice, entry, 'aggregate')) }
  })
  const extra = aggregated.reduce((sum, group) => sum + group.extra, 0n)
  checkExtra(request, extra)
  const widenings = [...expressed.widenings, ...aggregated.flatMap((group) => group.widenings)]
  const count = aggregated.reduce((sum, { entries }) => sum + entries.length, 0)
  const figures = { entries: count, omitted: expressed.omissions.length, widened: widenings.length }
  const head = headOf(view, format, request, figures, known)
  const inert = aggregated.map(({ entries }) => placeholders(format, request.empty, entries))
  const filled = aggregated.map(({ slice, entries }, index) => ({
    slice,
    entries: [...entries, ...(inert[index] ?? [])]
  }))
  return {
    rendered:
      format.kind === 'policy'
        ? format.render({ head, mode, slices: filled })
        : format.render({
            head,
            mode,
            entries: filled.flatMap(({ entries }) => entries),
            ...(slices.length === 1 && slices[0] && { slice: slices[0].slice })
          }),
    figures,
    placeholder: inert.flat().length,
    extra,
    omissions: expressed.omissions,
    widenings,
    sizes: sizesOf(filled)
  }
}

/** A slice that has gone is still there, and empty: what refers to it must not keep what it said last. */
function slicesIn(view: View, { slice }: Known): readonly SliceEntries[] {
  const found = exportEntries(view)
  return found.length === 0 && slice ? [{ slice, entries: [] }] : found
}

function modeOf({ name, modes = [] }: Format, { mode }: ExportRequest): string {
  if (mode === undefined) return modes[0] ?? ''
  if (modes.includes(mode)) return mode
  const right = modes.length === 0 ? 'it has no modes' : `it has ${modes.join(' and ')}`
  throw new PortolanError('invalid_parameter', `${name} has no mode ${mode}: ${right}.`)
}

function refuseForTables({ name }: Format, { aggregate, empty, limits }: ExportRequest): void {
  const wrong =
    aggregate !== undefined && aggregate.kind !== 'none'
      ? 'aggregate'
      : empty === 'placeholder'
        ? 'empty'
        : limits !== undefined
          ? 'limits'
          : undefined
  if (wrong === undefined) return
  throw new PortolanError('invalid_parameter', `${name} lists rows as the catalogue has them: leave ${wrong} out.`)
}

function requireOneSlice({ name }: ListFormat, { slice }: ExportRequest, slices: readonly SliceEntries[]): void {
  if (slice !== undefined || slices.length <= 1) return
  const names = slices.map((each) => each.slice.name)
  throw new PortolanError(
    'slice_required',
    `${name} says no ports, and this is of ${names.length} slices: a rule that uses it would open every port of one for the others. Give slice= with one of ${names.join(', ')}; slice=all says that all of them are meant.`,
    { extra: { slices: names } }
  )
}

/** What a list of several slices is called in the report. */
function mergedSlice(slices: readonly SliceEntries[]): SliceEntries['slice'] {
  const [only, ...others] = slices
  return only && others.length === 0 ? only.slice : { name: 'all', direction: 'both', transport: 'any' }
}

function checkExtra({ maxExtra }: ExportRequest, extra: bigint): void {
  if (maxExtra === undefined || extra <= maxExtra) return
  throw new PortolanError(
    'budget_exceeded',
    `This budget opens ${extra} addresses that the catalogue does not name, more than maxExtra=${maxExtra} allows.`
  )
}

function headOf(
  view: View,
  format: Format,
  { slice }: ExportRequest,
  figures: Figures,
  { recordedAt }: Known
): ExportHead {
  const { id, title, product, revision, validFrom, validUntil } = view
  return {
    id,
    title,
    product,
    revision,
    ...(validFrom !== undefined && { validFrom }),
    ...(validUntil !== undefined && { validUntil }),
    serial: serialOf(view, recordedAt),
    lines: headingOf(view, format.name, slice, figures)
  }
}

/** What had ended when the revision was recorded was never the newest: it counts from its own time, so that it stands below. */
function serialOf({ revision, validFrom, validUntil }: View, recordedAt: Instant): number {
  const isHistory = validUntil !== undefined && readInstant(validUntil) <= recordedAt
  const base = isHistory ? readInstant(revision.publishedAt) : recordedAt
  const changedAt = validFrom === undefined ? base : Math.max(base, readInstant(validFrom))
  return Math.floor(changedAt / 1000) + revision.number
}

interface Whole {
  readonly name: string
  readonly mediaType: string
  readonly content: string | Uint8Array
}

function fileOf(view: View, format: Format, { slice, part }: ExportRequest, rendered: Rendered): Whole {
  const base = shortName([view.id, ...(slice === undefined ? [] : [slice])].join('-'), 80)
  if (typeof rendered === 'string' || rendered instanceof Uint8Array) {
    if (part !== undefined) throw new PortolanError('invalid_parameter', `${format.name} is one file: leave part out.`)
    return { name: `${base}.${format.extension}`, mediaType: format.mediaType, content: rendered }
  }
  if (part === undefined) {
    const modifiedAt = Math.max(0, readInstant(view.validFrom ?? view.revision.publishedAt))
    return { name: `${base}.tar`, mediaType: 'application/x-tar', content: tar(rendered, modifiedAt) }
  }
  const file = rendered.find((each) => each.part === part)
  if (file) return file
  throw new PortolanError(
    'invalid_parameter',
    `${format.name} has no part ${part}: it has ${rendered.map((each) => each.part).join(', ')}.`
  )
}

function sizesOf(groups: readonly Pick<SliceEntries, 'entries'>[]): Composed['sizes'] {
  const entries = groups.flatMap((group) => group.entries)
  const addresses = entries.filter(({ target }) => target.kind === 'address').length
  return { addresses, names: entries.length - addresses }
}

function checkLimits({ limits }: ExportRequest, sizes: Composed['sizes'], bytes: number): void {
  const fault = limits && limitFault(limits, { ...sizes, bytes })
  if (fault === undefined) return
  throw new PortolanError('limit_exceeded', `${fault}. Narrow the export, or join addresses with aggregate.`)
}
