import type { FlatEndpoint, FlatRequirement } from '../../domain/mirror/mirror.ts'
import type { ShapedLists, Snapshot } from './snapshot.ts'

/**
 * Rows for the generic REST adapter of infrahub-sync: each has an `id`, and references are objects with an `id`. There are no lists, since
 * the adapter cannot map them. It finds the rows under the last segment of the path and reads a single answer.
 */
export function infrahubShape({ catalogues, requirements, endpoints }: Snapshot): ShapedLists {
  return {
    catalogues: catalogues.map(({ id, title, vendor, product, version, timeZone, revision }) => ({
      id,
      title,
      vendor,
      product,
      version,
      timeZone,
      revision: { id: String(revision.number), label: revision.label, publishedAt: revision.publishedAt }
    })),
    requirements: requirements.map(requirementRow),
    endpoints: endpoints.map(endpointRow)
  }
}

function requirementRow(requirement: FlatRequirement): object {
  const { services: _, tags, inferred, previousKeys: __, references, externalIds: ___, proxy, ...fields } = requirement
  return {
    ...fields,
    ...proxy,
    ...(tags && { tags: tags.join(',') }),
    ...(inferred && { inferred: inferred.join(',') }),
    ...(references && { references: references.map(({ url }) => url).join(' ') })
  }
}

function endpointRow(endpoint: FlatEndpoint): object {
  const rows = Object.entries(endpoint).flatMap(([name, value]): [string, unknown][] => {
    if (Array.isArray(value)) return [[name, value.join(',')]]
    return name === 'select' ? [] : [[name, value]]
  })
  return Object.fromEntries(rows)
}
