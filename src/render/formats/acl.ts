import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { accessListExpression, accessLists } from '../policy/access-list.ts'

export const acl: PolicyFormat = {
  kind: 'policy',
  name: 'acl',
  title: 'YANG access control lists (RFC 8519)',
  description:
    'For NETCONF, RESTCONF and SDN controllers: ietf-access-control-list with one list for each direction and family, for a device that keeps state. It has addresses only; the format mud also has host names.',
  mediaType: 'application/yang-data+json',
  extension: 'json',
  expression: { ...accessListExpression, sources: ['address'] },
  aggregate: 'none',
  render
}

function render({ head, slices }: PolicyInput): string {
  const lists = accessLists(head.id, slices, { saysWhoBegins: false, hasAnswers: false })
  return `${JSON.stringify({ 'ietf-access-control-list:acls': { acl: lists.map((list) => list.acl) } }, undefined, 2)}\n`
}
