import type { Catalogues } from '../../catalogue/catalogues.ts'
import { type Export, exportAt } from '../../catalogue/export/export.ts'
import { type CataloguePoint, mementoInstant } from '../../catalogue/read/point.ts'
import { PortolanError } from '../../domain/errors.ts'
import { type Omission, omissionReasons, type Widening, wideningReasons } from '../../domain/export/expression.ts'
import { type ExportQuery, exportOf } from '../../http/request/export-query.ts'
import { pinParameters, queryString } from '../../http/request/query.ts'
import { type Device, devices } from '../../render/device/devices.ts'
import { fetchFile } from '../../render/device/snippets.ts'
import type { Artifact } from '../../render/export/export.ts'

/** What an export is asked for with. */
export interface ExportChoice {
  readonly point: CataloguePoint
  readonly format: string
  readonly query: ExportQuery
  readonly device?: Device
  readonly base: string
}

const linesShown = 20
const longestLine = 200
const findingsShown = 50

/** Refusals that the page answers with what would be right. */
const answered: readonly string[] = ['slice_required', 'limit_exceeded', 'budget_exceeded']

/** The result of the form: the export with its report and how a device fetches it, or why there is none. */
export async function exportResult(catalogues: Pick<Catalogues, 'store' | 'cache'>, choice: ExportChoice) {
  const { format, query } = choice
  const wanted = exportOf(format, query)
  const made = await artifactOrRefusal(catalogues, choice.point, wanted)
  if (!(made instanceof PortolanError)) return shownResult(choice, wanted, made)
  if (made.code !== 'limit_exceeded') return { format, refusal: made.message }
  const { limits: _, ...unlimited } = query
  const artifact = await exportAt(catalogues, choice.point, exportOf(format, unlimited))
  return {
    format,
    refusal: made.message,
    ...reportOf(artifact),
    fitting: await fittingFormats(catalogues, choice)
  }
}

async function artifactOrRefusal(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  point: CataloguePoint,
  wanted: Export
): Promise<Artifact | PortolanError> {
  try {
    return await exportAt(catalogues, point, wanted)
  } catch (error) {
    if (error instanceof PortolanError && answered.includes(error.code)) return error
    throw error
  }
}

/** The formats of the same devices that stay within the limit. */
async function fittingFormats(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  { point, format, query, device }: ExportChoice
): Promise<readonly string[]> {
  const { limits } = query
  const candidates = device
    ? device.formats
    : devices
        .filter((each) => limits !== undefined && each.limits.some((name) => name === limits))
        .flatMap((each) => each.formats)
  const fitting: string[] = []
  for (const name of new Set(candidates)) {
    if (name === format) continue
    const made = await artifactOrRefusal(catalogues, point, exportOf(name, query))
    if (!(made instanceof PortolanError)) fitting.push(name)
  }
  return fitting
}

function shownResult(
  { point, format, query, device, base }: ExportChoice,
  { format: { extension } }: Export,
  artifact: Artifact
) {
  const { asOf: _, effectiveAt: __, slice, ...rest } = query
  const root = `${base}/v1/catalogues/${point.revision.catalogue}/exports/${format}`
  const path = slice === undefined ? root : `${root}/${slice}.txt`
  const live = `${path}${queryString(rest, {})}`
  const isOfDevice = device?.formats.includes(format) ?? false
  const owner = isOfDevice ? device : devices.find(({ formats }) => formats.includes(format))
  const snippet = owner?.snippet ?? fetchFile
  return {
    format,
    ...reportOf(artifact),
    live,
    pinned: `${path}${queryString(rest, pinParameters(point, mementoInstant(point)))}`,
    report: `${root}/report${queryString(rest, slice === undefined ? {} : { slice })}`,
    ...(owner && { owner: owner.title, key: owner.key, refresh: owner.refresh }),
    snippet: snippet({ url: live, format, extension, ...(slice !== undefined && { slice }) }),
    fileName: artifact.fileName,
    ...firstLines(artifact)
  }
}

function reportOf({ report }: Artifact) {
  const { entries, omitted, widened, placeholder, unnamed, omissions, widenings } = report
  const findings = [
    ...omissions.map((found) => findingOf('left out', found, omissionReasons[found.reason])),
    ...widenings.map((found) => findingOf('widened', found, wideningReasons[found.reason]))
  ]
  return {
    figures: { entries, omitted, widened, placeholder, unnamed: unnamed.length },
    unnamed: unnamed.slice(0, findingsShown),
    findings: findings.slice(0, findingsShown),
    moreFindings: Math.max(0, findings.length - findingsShown)
  }
}

function findingOf(what: string, { kind, value = kind, slice, requirements }: Omission | Widening, reason: string) {
  return { what, value, slice, requirements: requirements.join(', '), reason }
}

/** The first lines of a text. Of an archive and of a workbook there are none. */
function firstLines({ body, mediaType }: Artifact): {
  readonly lines?: readonly string[]
  readonly moreLines?: number
} {
  if (/[/-]tar$|sheet$/.test(mediaType)) return {}
  const lines = Buffer.from(body).toString('utf8').trimEnd().split('\n')
  return {
    lines: lines
      .slice(0, linesShown)
      .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line)),
    moreLines: Math.max(0, lines.length - linesShown)
  }
}
