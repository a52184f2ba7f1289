import type { Expression } from '../../domain/export/expression.ts'

/** A list expresses only values. The rule that uses it says for which ports, transport and direction they are. */
export function listExpression(targets: Expression['targets']): Expression {
  return {
    targets,
    directions: ['inbound', 'outbound'],
    transports: 'every',
    hasPorts: false,
    hasSourcePorts: false,
    hasIcmpTypes: true,
    hasInboundDestinations: true
  }
}

/** Data for automation expresses everything but roles and feeds, whose addresses are not known. */
export const dataExpression: Expression = {
  targets: { address: 'exact', host: 'exact', wildcard: 'exact', any: 'exact' },
  directions: ['inbound', 'outbound'],
  transports: 'every',
  hasPorts: true,
  hasSourcePorts: true,
  hasIcmpTypes: true,
  hasInboundDestinations: false,
  sources: ['address', 'host']
}

/** Definitions are networks and services that a term of a policy combines. */
export const definitionExpression: Expression = {
  targets: { address: 'exact', any: 'exact' },
  directions: ['inbound', 'outbound'],
  transports: 'every',
  hasPorts: true,
  hasSourcePorts: false,
  hasIcmpTypes: true,
  hasInboundDestinations: true
}
