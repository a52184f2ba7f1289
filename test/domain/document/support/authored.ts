/** JSON as an author may write it, right or wrong. */
export type Authored = Readonly<Record<string, unknown>>

export const service: Authored = { transport: 'tcp', ports: [80], application: 'http' }

/** The smallest requirement without faults. */
export function authoredRequirement(fields: Authored = {}): Authored {
  const words = { title: 'Kaspersky AV updates', scope: 'external', direction: 'outbound', necessity: 'required' }
  return { key: 'kaspersky-av-updates', ...words, services: [service], endpoints: [], ...fields }
}

/** The smallest document without faults, with the requirements given. */
export function authored(requirements: readonly unknown[] = [], fields: Authored = {}): Authored {
  return {
    id: 'clearswift-exchange-gateway-4.8',
    title: 'Ports and Protocols',
    vendor: 'Clearswift',
    product: 'SECURE Exchange Gateway',
    version: '4.8',
    edition: { label: '2.3', summary: 'Additional mirrors' },
    requirements,
    ...fields
  }
}

/** A document with one requirement that has these endpoints. */
export const withEndpoints = (...endpoints: readonly unknown[]): Authored =>
  authored([authoredRequirement({ endpoints })])
