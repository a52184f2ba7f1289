import { schemaLine } from './authored-yaml.ts'
import { renderYaml } from './yaml.ts'

/** What a first document is about. */
export interface DocumentNames {
  readonly id: string
  readonly title: string
  readonly vendor: string
  readonly product: string
  readonly version: string
}

/**
 * A document to begin with: two requirements that validate, and every optional field as a comment, so that it is written by taking marks
 * away. `schema`: the URL or path of the JSON Schema of documents.
 */
export function firstDocument({ id, title, vendor, product, version }: DocumentNames, schema: string): string {
  return `${schemaLine(schema)}# What a product needs from the network. Take the mark from a line that you need, and replace what stands there.
${renderYaml({ id, title, vendor, product, version })}# aliases: [Gateway]
# The time zone of bare dates, such as 2030-11-22; without it UTC.
# timeZone: Europe/London
# The id of the catalogue that takes its place.
# successor: example-gateway-5
# endOfSupport: 2031-12-31
# Where the source announces nothing before it happens, ends without notice are no fault.
# announces: false
# The parts of the product that requirements are about.
# components: [{ key: agent, title: Agent on each server }]
# What a customer fills into names, as in <tenant>.example.com.
# variables: [{ key: tenant, title: Name of your tenant, pattern: "[a-z0-9-]+" }]
# guidance: [{ key: prefer-names, topic: firewall, text: Use names where the firewall can. }]
edition:
  label: "1"
  summary: First edition
  # The date as it is printed: a day, a month or a year.
  # date: 2018-10
  # reason: The product is new
  # For a history that is filled in: no such document was ever published, and when it would have been.
  # reconstructed: true
  # publishedAt: 2018-10-01
requirements:
  - key: updates
    title: Updates
    # external or internal: where the other end lies.
    scope: external
    # inbound, outbound or both: who opens the connection, seen from the product.
    direction: outbound
    # required, optional or conditional, which needs a condition.
    necessity: required
    # previousKeys: [downloads]
    # component: agent
    # The fields that the source does not say, and you do.
    # inferred: [necessity]
    services:
      - transport: tcp
        ports: [80, 443]
        # application: https
    # proxy: { httpProxy: allowed, tlsInspection: forbidden }
    # tags: [updates]
    # remarks: Prefer names over addresses.
    # owner: Mail team
    # externalIds: { cmdb: CI0046 }
    # references: [{ title: Installation guide, url: "https://www.example.com/docs/ports" }]
    endpoints:
      - kind: host
        value: updates.example.com
        # from: 2018-10
        # The first instant at which it no longer holds, and what takes its place.
        # until: 2030-11-22
        # replacedBy: [updates.example.com]
        # remarks: The nearest mirror.
        # tags: [region-eu]
      # An address, with the names that it serves.
      # - { kind: address, value: 198.51.100.10, serves: [updates.example.com] }
  - key: dns
    title: DNS
    scope: internal
    direction: outbound
    necessity: conditional
    condition: Where names are used
    services:
      - transport: udp
        ports: [53]
      - transport: tcp
        ports: [53]
    endpoints:
      - kind: role
        value: dns-servers
        title: Your DNS servers
`
}
