import type { ListFormat } from '../export/format.ts'
import { listExpression } from '../export/list-expression.ts'
import { valueLines } from '../export/value-lines.ts'

/** It is not documented how FortiOS reads comments or an empty feed, so an export has neither. */
const common = {
  kind: 'list',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'txt',
  aggregate: 'none',
  empty: 'placeholder'
} as const

export const fortinetIp: ListFormat = {
  ...common,
  name: 'fortinet-ip',
  title: 'FortiGate threat feed of addresses',
  description:
    'FortiGate external connector of type IP Address: one address or CIDR a line, usable as source or destination of a firewall policy that names the service.',
  expression: listExpression({ address: 'exact' }),
  placeholders: ['address'],
  render: ({ entries }) => valueLines(entries)
}

export const fortinetDomain: ListFormat = {
  ...common,
  name: 'fortinet-domain',
  title: 'FortiGate threat feed of domains',
  description:
    'FortiGate external connector of type Domain Name, which only the DNS filter reads: firewall policies take addresses from the feed fortinet-ip.',
  expression: { ...listExpression({ host: 'exact', wildcard: 'exact' }), directions: ['outbound'] },
  placeholders: ['host'],
  render: ({ entries }) => valueLines(entries)
}
