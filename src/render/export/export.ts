import { createHash } from 'node:crypto'
import { PortolanError } from '../../domain/errors.ts'
import { limitFault } from '../../domain/export/device-limit.ts'
import { type ExportReport, reportedFeeds, unnamedIn } from '../../domain/export/export-report.ts'
import type { ExportRequest } from '../../domain/export/export-request.ts'
import { exportSize } from '../../domain/export/export-size.ts'
import { requireBound, siteCount } from '../../domain/export/site-count.ts'
import { readInstant } from '../../domain/time/instant.ts'
import { isSiteView, newestPublish, type View } from '../../domain/view/view.ts'
import { type Composition, compose, type ExportFacts } from './compose.ts'
import type { Format, Rendered } from './format.ts'
import { shortName } from './short-name.ts'
import { tarArchive } from './tar.ts'

/** The bytes of an export, its name and media type, and its report. */
export interface Artifact {
  readonly body: Uint8Array
  readonly mediaType: string
  readonly fileName: string
  readonly report: ExportReport
}

/**
 * Renders a view that is already filtered and narrowed to the slice that is asked for.
 * @throws PortolanError `invalid_parameter`, `slice_required`, `budget_exceeded`, `limit_exceeded`, `role_unbound`
 */
export function renderExport(view: View, format: Format, request: ExportRequest, facts: ExportFacts): Artifact {
  if (facts.site) requireBound(view, facts.site)
  const composition = compose(view, format, request, facts)
  const file = fileOf(view, format, request, composition.rendered)
  const body = typeof file.content === 'string' ? Buffer.from(file.content) : file.content
  checkLimits(request, composition.slices, body.byteLength)
  const report = { ...reportOf(view, format, request, composition), ...(facts.site && siteCount(view, facts.site)) }
  return { body, mediaType: file.mediaType, fileName: file.name, report }
}

/** The MD5 of the bytes in hex, on a line: feed readers compare it. It detects half a download, and no attacker. */
export function md5({ body }: Artifact): string {
  return `${createHash('md5').update(body).digest('hex')}\n`
}

function reportOf(view: View, format: Format, { slice }: ExportRequest, composition: Composition): ExportReport {
  return {
    ...(isSiteView(view) ? { site: view.id } : { catalogue: view.id }),
    revision: view.revision,
    ...(isSiteView(view) && { catalogues: view.catalogues }),
    format: format.name,
    ...(slice !== undefined && slice !== 'all' && { slice }),
    ...(view.validFrom !== undefined && { validFrom: view.validFrom }),
    ...(view.validUntil !== undefined && { validUntil: view.validUntil }),
    ...composition.figures,
    placeholder: composition.placeholder,
    extraAddresses: composition.extra,
    omissions: composition.omissions,
    widenings: composition.widenings,
    unnamed: unnamedIn(view),
    ...reportedFeeds(view)
  }
}

interface NamedFile {
  readonly name: string
  readonly mediaType: string
  readonly content: string | Uint8Array
}

/** The one file of an export; the archive of several, or the part of it that is asked for. */
function fileOf(view: View, format: Format, { slice, part }: ExportRequest, rendered: Rendered): NamedFile {
  const base = shortName([view.id, ...(slice === undefined ? [] : [slice])].join('-'), 80)
  if (typeof rendered === 'string' || rendered instanceof Uint8Array) {
    if (part !== undefined) throw new PortolanError('invalid_parameter', `${format.name} is one file: leave part out.`)
    return { name: `${base}.${format.extension}`, mediaType: format.mediaType, content: rendered }
  }
  if (part === undefined) {
    const modifiedAt = Math.max(0, readInstant(view.validFrom ?? newestPublish(view)))
    return { name: `${base}.tar`, mediaType: 'application/x-tar', content: tarArchive(rendered, modifiedAt) }
  }
  const file = rendered.find((each) => each.part === part)
  if (file) return file
  throw new PortolanError(
    'invalid_parameter',
    `${format.name} has no part ${part}: it has ${rendered.map((each) => each.part).join(', ')}.`
  )
}

function checkLimits({ limits }: ExportRequest, slices: Composition['slices'], bytes: number): void {
  const fault = limits && limitFault(limits, exportSize(slices, bytes))
  if (fault === undefined) return
  throw new PortolanError('limit_exceeded', `${fault}. Narrow the export, or join addresses with aggregate.`)
}
