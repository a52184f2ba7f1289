import { readInstant } from '../../domain/time/instant.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { accessListExpression, accessLists } from '../policy/access-list.ts'
import type { RuleDirection } from '../policy/rule.ts'

export const mud: PolicyFormat = {
  kind: 'policy',
  name: 'mud',
  title: 'Manufacturer Usage Description (RFC 8520)',
  description:
    'For MUD managers and network access control: what a device talks to, by name and address; a role is a controller of the class urn:portolan:role:NAME, whose addresses the manager knows. TCP has entries for its answers; other transports rely on a network that keeps state. mud-url is at portolan.invalid: set it to the https URL that your devices announce.',
  mediaType: 'application/mud+json',
  extension: 'json',
  expression: { ...accessListExpression, targets: { ...accessListExpression.targets, host: 'exact', role: 'exact' } },
  aggregate: 'none',
  render
}

/** How many hours a manager keeps the file; RFC 8520, section 3.5, recommends no fewer. */
const cacheValidity = 24

function render({ head, slices }: PolicyInput): string {
  const { id, product, revision, validFrom } = head
  const lists = accessLists(id, slices, { saysWhoBegins: true, hasAnswers: true })
  const policy = (direction: RuleDirection) => ({
    'access-lists': {
      'access-list': lists.filter((list) => list.direction === direction).map(({ name }) => ({ name }))
    }
  })
  return `${JSON.stringify(
    {
      'ietf-mud:mud': {
        'mud-version': 1,
        // RFC 6761: no host has this name. Only the operator of a device knows which URL it announces.
        'mud-url': `https://portolan.invalid/v1/catalogues/${id}/exports/mud`,
        'last-update': laterOf(revision.publishedAt, validFrom),
        'cache-validity': cacheValidity,
        'is-supported': true,
        systeminfo: product,
        'from-device-policy': policy('outbound'),
        'to-device-policy': policy('inbound')
      },
      'ietf-access-control-list:acls': { acl: lists.map(({ acl }) => acl) }
    },
    undefined,
    2
  )}\n`
}

function laterOf(publishedAt: string, validFrom = publishedAt): string {
  return readInstant(validFrom) > readInstant(publishedAt) ? validFrom : publishedAt
}
