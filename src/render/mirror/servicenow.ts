import { endpointValue, type Status } from '../../domain/document/endpoint.ts'
import { groupBy } from '../../domain/group.ts'
import type { FlatEndpoint, FlatRequirement } from '../../domain/mirror/mirror.ts'
import { requirementComments } from './requirement-comments.ts'
import type { ShapedLists, Snapshot } from './snapshot.ts'

/** The most items of one payload. */
const mostItems = 1000

const sourceName = 'Portolan'
const relation = 'Contains::Contained by'

/** Values of `operational_status`: 1 operational, 2 non-operational, 6 retired. */
const operational: Readonly<Record<Status, string>> = { planned: '2', active: '1', retiring: '1', retired: '6' }

interface Item {
  readonly className: string
  readonly values: Readonly<Record<string, string>>
  readonly sys_object_source_info: object
}

/**
 * Payloads for the Identification and Reconciliation API of ServiceNow, `POST /api/now/identifyreconcile`, with at most a thousand items
 * each. Our id is the native key, so no identification rule has to guess. The engine deletes nothing: a retired endpoint has a status. A
 * relation names items by their index in its payload, so each payload with endpoints of a requirement repeats the requirement.
 */
export function servicenowShape({ requirements, endpoints, recency }: Snapshot): ShapedLists {
  const children = groupBy(endpoints, ({ requirement }) => requirement.id)
  const payloads: { items: Item[]; relations: object[] }[] = []
  let payload: (typeof payloads)[number] | undefined
  const room = (wanted: number) => {
    if (!payload || payload.items.length + wanted > mostItems) {
      payload = { items: [], relations: [] }
      payloads.push(payload)
    }
    return payload
  }
  for (const requirement of requirements) {
    const own = children.get(requirement.id) ?? []
    for (let start = 0; start === 0 || start < own.length; ) {
      // A payload takes a requirement only with at least one of its remaining endpoints.
      const { items, relations } = room(Math.min(2, 1 + own.length - start))
      const parent = items.push(requirementItem(requirement, recency)) - 1
      const part = own.slice(start, start + mostItems - items.length)
      for (const endpoint of part) {
        const child = items.push(endpointItem(endpoint, recency)) - 1
        relations.push({ parent, child, type: relation })
      }
      start += Math.max(1, part.length)
    }
  }
  // Without their requirements in the snapshot, endpoints have no relation.
  const known = new Set(requirements.map(({ id }) => id))
  for (const endpoint of endpoints)
    if (!known.has(endpoint.requirement.id)) room(1).items.push(endpointItem(endpoint, recency))
  return { payloads }
}

function requirementItem(requirement: FlatRequirement, recency: string): Item {
  const { id, key, title, catalogue, owner } = requirement
  return {
    className: 'cmdb_ci_service_technical',
    values: {
      name: `${catalogue.id} ${key}`,
      short_description: title,
      comments: requirementComments(requirement),
      ...(owner !== undefined && { owned_by: owner }),
      operational_status: operational.active,
      correlation_id: id
    },
    sys_object_source_info: sourceInfo(id, 'requirements', recency)
  }
}

function endpointItem(endpoint: FlatEndpoint, recency: string): Item {
  const { id, kind, status, requirement, catalogue, until, remarks, tags } = endpoint
  const comments = [remarks, tags && `Tags: ${tags.join(', ')}`].filter((text) => text !== undefined)
  return {
    className: 'cmdb_ci_endpoint',
    values: {
      name: endpointValue(endpoint) || kind,
      short_description: `${kind} of ${requirement.key}, ${catalogue.id}${until === undefined ? '' : `, until ${until}`}`,
      ...(comments.length > 0 && { comments: comments.join('\n\n') }),
      operational_status: operational[status],
      correlation_id: id
    },
    sys_object_source_info: sourceInfo(id, 'endpoints', recency)
  }
}

/** The source of an item. `recency`: RFC 3339 in UTC; ServiceNow gets its own form of it. */
function sourceInfo(key: string, feed: string, recency: string): object {
  return {
    source_name: sourceName,
    source_native_key: key,
    source_feed: feed,
    source_recency_timestamp: recency.slice(0, 19).replace('T', ' ')
  }
}
