import type { Document } from '../domain/document/document.ts'
import type { PortRange } from '../domain/network/network-service.ts'
import { portText } from '../domain/network/port.ts'
import { renderShortYaml } from './yaml.ts'

/** The first line of a document: editors then mark its faults while it is written. `schema`: the URL or path of its JSON Schema. */
export function schemaLine(schema: string): string {
  return `# yaml-language-server: $schema=${schema}\n`
}

/** A document as people go on with it: ports as they write them, and without what holds anyway. */
export function renderAuthored(document: Document, schema: string): string {
  const { timeZone, requirements, ...rest } = document
  return (
    schemaLine(schema) +
    renderShortYaml({
      ...rest,
      ...(timeZone !== 'UTC' && { timeZone }),
      requirements: requirements.map((requirement) => ({
        ...requirement,
        services: requirement.services.map(({ ports, sourcePorts, ...service }) => ({
          ...service,
          ...(ports && { ports: ports.map(authoredPort) }),
          ...(sourcePorts && { sourcePorts: sourcePorts.map(authoredPort) })
        }))
      }))
    })
  )
}

function authoredPort(range: PortRange): number | string {
  return range.from === range.to ? range.from : portText(range)
}
