import type { Document } from '../../../../src/domain/document/document.ts'
import { readExportRequest, type WrittenRequest } from '../../../../src/domain/export/export-request.ts'
import { exportView } from '../../../../src/domain/export/export-view.ts'
import { documentDigest } from '../../../../src/domain/history/digest.ts'
import { mergeSite } from '../../../../src/domain/site/merge.ts'
import type { SiteDocument } from '../../../../src/domain/site/site-document.ts'
import { suppressedRows } from '../../../../src/domain/site/suppressed-rows.ts'
import { formatInstant } from '../../../../src/domain/time/instant.ts'
import { revisionRef, type SiteView, withStatus } from '../../../../src/domain/view/view.ts'
import { type Artifact, renderExport } from '../../../../src/render/export/export.ts'
import { formats } from '../../../../src/render/formats/formats.ts'
import { revisionOf } from '../../../domain/document/support/sample.ts'
import { publishedAt } from '../../../domain/site/support/leeds.ts'

interface WantedOfSite extends WrittenRequest {
  readonly site: SiteDocument
  readonly documents: readonly Document[]
  /** RFC 3339 */
  readonly at: string
}

/** An export of a site through the same functions as the service, without a store. */
export function siteExport(name: string, { site, documents, at, ...written }: WantedOfSite): Artifact {
  const format = formats.find((each) => each.name === name)
  if (!format) throw new Error(`there is no format ${name}`)
  const parts = new Map(documents.map((document) => [document.id, { revision: 1, document }]))
  const { document } = mergeSite({ site, revision: 3, parts })
  const instant = Date.parse(at)
  const revision = { number: 3, publishedAt: formatInstant(publishedAt), digest: `sha256:${'0'.repeat(64)}` }
  const view: SiteView = {
    id: site.id,
    title: site.title,
    revision,
    catalogues: documents.map((each) => ({
      id: each.id,
      title: each.title,
      revision: revisionRef(revisionOf(each, { number: 1, digest: documentDigest(each), publishedAt }))
    })),
    requirements: document.requirements.map((requirement) => ({
      ...requirement,
      endpoints: requirement.endpoints.map((endpoint) => withStatus(endpoint, instant))
    }))
  }
  const suppressed = suppressedRows(site, new Map(documents.map((each) => [each.id, each])), instant)
  return renderExport(exportView(view, {}), format, readExportRequest(written), {
    recordedAt: publishedAt,
    site: { document: site, suppressed }
  })
}

export function siteText(name: string, wanted: WantedOfSite): string {
  return Buffer.from(siteExport(name, wanted).body).toString('utf8')
}
