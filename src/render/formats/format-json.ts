import type { Expression } from '../../domain/export/expression.ts'
import { transportNames } from '../../domain/network/protocol.ts'
import type { Format } from '../export/format.ts'

/** A table expresses everything. */
const tableExpression: Expression = {
  targets: {
    address: 'exact',
    host: 'exact',
    wildcard: 'exact',
    pattern: 'exact',
    url: 'exact',
    role: 'exact',
    feed: 'exact',
    any: 'exact'
  },
  directions: ['inbound', 'outbound'],
  transports: 'every',
  hasPorts: true,
  hasSourcePorts: true,
  hasIcmpTypes: true,
  hasInboundDestinations: true
}

/** A format as `GET /v1/formats` answers it. */
export function formatJson(format: Format): object {
  const { name, title, description, kind, mediaType, extension, modes, parts } = format
  const { targets, directions, ...expression } = kind === 'table' ? tableExpression : format.expression
  const exactness = (kind: keyof typeof targets) =>
    targets[kind] === undefined ? 'no' : targets[kind] === 'exact' ? 'exact' : 'wider'
  return {
    name,
    title,
    description,
    kind,
    mediaType,
    extension,
    ...(modes && { modes }),
    ...(parts && { parts }),
    ...(kind !== 'table' && { aggregate: format.aggregate }),
    ...(kind === 'list' && { empty: format.empty }),
    ...(kind === 'policy' && format.dates && { timed: true }),
    expresses: {
      address: exactness('address'),
      host: exactness('host'),
      wildcard: exactness('wildcard'),
      pattern: exactness('pattern'),
      url: targets.url === undefined && targets.host !== undefined ? 'wider' : exactness('url'),
      role: exactness('role'),
      feed: exactness('feed'),
      any: exactness('any'),
      directions,
      transports: expression.transports === 'every' ? transportNames : expression.transports,
      otherProtocols: expression.transports === 'every',
      ports: expression.hasPorts,
      sourcePorts: expression.hasSourcePorts,
      icmpTypes: expression.hasIcmpTypes
    }
  }
}
