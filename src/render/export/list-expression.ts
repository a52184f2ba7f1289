import type { Expression } from '../../domain/export/expression.ts'
import { transports } from '../../domain/network/service.ts'

/** A list says values and nothing else: which ports, transport and direction they are for is said by the rule that uses it. */
export function listExpression(targets: Expression['targets']): Expression {
  return {
    targets,
    directions: ['inbound', 'outbound'],
    transports,
    hasPorts: false,
    hasSourcePorts: false,
    hasIcmpTypes: true
  }
}

/** What data for automation can say: all that is known of an endpoint, but not whom a role or a feed stands for. */
export const dataExpression: Expression = {
  targets: { address: 'exact', host: 'exact', wildcard: 'exact', any: 'exact' },
  directions: ['inbound', 'outbound'],
  transports,
  hasPorts: true,
  hasSourcePorts: true,
  hasIcmpTypes: true
}

/** Networks are lists that a term of a policy combines with services: what a term says beside them is its own business. */
export const definitionExpression: Expression = {
  targets: { address: 'exact' },
  directions: ['inbound', 'outbound'],
  transports,
  hasPorts: true,
  hasSourcePorts: false,
  hasIcmpTypes: true
}
