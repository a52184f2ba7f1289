import { transports } from '../domain/document.ts'
import type { Expression } from '../domain/expression.ts'

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
