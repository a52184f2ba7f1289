import type { Document } from '../../../../src/domain/document/document.ts'
import type { ResolvedEndpoint } from '../../../../src/domain/view/view.ts'

export type SiteMarks = Pick<ResolvedEndpoint, 'role' | 'origin' | 'source'>

type Endpoint = Document['requirements'][number]['endpoints'][number]

/** A document as the merge of a site leaves it: requirements name their catalogue, and rows what the site knows of them. */
export function sited(
  document: Document,
  marksOf: (key: string, endpoint: Endpoint) => SiteMarks,
  id = document.id
): Document {
  const requirements = document.requirements.map(({ endpoints, ...fields }) => ({
    ...fields,
    catalogue: document.id,
    endpoints: endpoints.map((endpoint) => ({ ...endpoint, ...marksOf(fields.key, endpoint) }))
  }))
  return { ...document, id, requirements }
}
