import { readFileSync } from 'node:fs'
import type { Document } from '../../../../src/domain/document/document.ts'
import { parseDocument } from '../../../../src/domain/document/parse-document.ts'
import {
  type ExportRequest,
  readExportRequest,
  type WrittenRequest
} from '../../../../src/domain/export/export-request.ts'
import { exportView } from '../../../../src/domain/export/export-view.ts'
import { narrowTo } from '../../../../src/domain/export/slice.ts'
import { documentDigest } from '../../../../src/domain/history/digest.ts'
import { parseYaml } from '../../../../src/domain/json/yaml.ts'
import { type Filter, filterView } from '../../../../src/domain/view/filter.ts'
import { viewAt } from '../../../../src/domain/view/view.ts'
import { type Artifact, renderExport } from '../../../../src/render/export/export.ts'
import { formats } from '../../../../src/render/formats/formats.ts'
import { revisionOf } from '../../../domain/document/support/sample.ts'

function documentFrom(path: string): Document {
  const read = parseYaml(readFileSync(new URL(path, import.meta.url)))
  if ('fault' in read) throw new Error(read.fault)
  return parsed(read.value)
}

function parsed(input: unknown): Document {
  const result = parseDocument(input)
  if ('faults' in result) throw new Error(JSON.stringify(result.faults))
  return result.document
}

/** Everything that an export can meet. */
export const everything = documentFrom('everything.yaml')
/** The first catalogue, whose six addresses retire on 22 November 2018. */
export const clearswift = documentFrom('../../../../catalogues/clearswift-exchange-gateway-4.8/2-2.3.yaml')

export interface Wanted extends WrittenRequest {
  readonly document?: Document
  /** RFC 3339; default: a day on which `everything` has planned, active, retiring and retired rows. */
  readonly at?: string
  /** Default: what is exported without one. */
  readonly filter?: Filter
}

export const today = '2026-11-24T00:00:00Z'

/** An export through the same functions as the service, without a store. */
export function rendered(
  format: string,
  { document = everything, at = today, filter = {}, ...written }: Wanted = {}
): Artifact {
  const found = formats.find(({ name }) => name === format)
  if (!found) throw new Error(`there is no format ${format}`)
  const request: ExportRequest = readExportRequest(written)
  const instant = Date.parse(at)
  const published = { number: 2, digest: documentDigest(document), publishedAt: Date.parse('2018-10-01T00:00:00Z') }
  const revision = revisionOf(document, published)
  const { validFrom, validUntil, ...whole } = filterView(viewAt(document, revision, published.publishedAt), filter)
  const view = request.timed ? whole : exportView(viewAt(document, revision, instant), filter)
  const { slice } = request
  const narrowed = slice === undefined || slice === 'all' ? view : narrowTo(view, slice)
  return renderExport(narrowed, found, request, { recordedAt: revision.recordedAt, history: [revision] })
}

export function renderedText(format: string, wanted: Wanted = {}): string {
  return Buffer.from(rendered(format, wanted).body).toString('utf8')
}
