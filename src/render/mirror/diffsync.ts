import { endpointValue } from '../../domain/document/endpoint.ts'
import type { FlatEndpoint, FlatRequirement } from '../../domain/mirror/mirror.ts'
import type { ShapedLists, Snapshot } from './snapshot.ts'

/**
 * Rows for the models of DiffSync, which Nautobot SSoT uses: `identifiers` find a record and never change, `attributes` are compared, and
 * a row names its parent by the parent's identifiers. An absent field is null, since a model has all of its attributes.
 */
export function diffsyncShape({ catalogues, requirements, endpoints }: Snapshot): ShapedLists {
  return {
    catalogue: catalogues.map(({ id, title, vendor, product, version, revision }) => ({
      identifiers: { id },
      attributes: { title, vendor, product, version, revision: revision.number }
    })),
    requirement: requirements.map(requirementRow),
    endpoint: endpoints.map(endpointRow)
  }
}

function requirementRow(requirement: FlatRequirement): object {
  const {
    id,
    catalogue,
    key,
    title,
    scope,
    direction,
    necessity,
    condition,
    component,
    servicesText,
    owner,
    tags = [],
    remarks
  } = requirement
  return {
    identifiers: { id, catalogue__id: catalogue.id },
    attributes: {
      key,
      title,
      scope,
      direction,
      necessity,
      condition: condition ?? null,
      component: component ?? null,
      services: servicesText,
      owner: owner ?? null,
      tags: tags.join(','),
      remarks: remarks ?? null
    }
  }
}

function endpointRow(endpoint: FlatEndpoint): object {
  const { id, requirement, kind, status, from, until, replacedBy = [], tags = [], remarks } = endpoint
  return {
    identifiers: { id, requirement__id: requirement.id },
    attributes: {
      kind,
      value: endpointValue(endpoint),
      status,
      from: from ?? null,
      until: until ?? null,
      replaced_by: replacedBy.join(','),
      tags: tags.join(','),
      remarks: remarks ?? null
    }
  }
}
