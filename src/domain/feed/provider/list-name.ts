import { quote } from '../../json/source-text.ts'
import { readEndpointWord } from '../../table/endpoint-cell.ts'
import type { ListReader } from './list-reader.ts'
import type { ListEndpoint } from './requirement-groups.ts'

/**
 * A name of a list: of a host, a wildcard, a pattern, or a URL where its path matters. A port behind it is given up where `ports` has it, since
 * it belongs to the service, and refused elsewhere. Undefined where the value is absent or was refused.
 */
export function readListName(
  reader: ListReader,
  value: unknown,
  pointer: string,
  hasPort: (port: number) => boolean
): ListEndpoint | undefined {
  const name = reader.name(value, pointer)
  if (name === undefined) return undefined
  const read = readEndpointWord(name)
  const [endpoint, ...more] = 'detail' in read ? [] : read
  if (
    !endpoint ||
    more.length > 0 ||
    endpoint.kind === 'role' ||
    endpoint.kind === 'any' ||
    endpoint.value === undefined
  ) {
    reader.refuse(pointer, 'invalid_name', `${quote(name)} ${'detail' in read ? read.detail : 'is no name of a host'}`)
    return undefined
  }
  if (endpoint.port !== undefined && !hasPort(endpoint.port)) {
    reader.refuse(pointer, 'other_port', `${quote(name)} has a port that its service does not have`)
    return undefined
  }
  return { kind: endpoint.kind, value: endpoint.value }
}
