import { targetValue } from '../../domain/export/export-entry.ts'
import type { ListFormat } from '../export/format.ts'
import { listExpression } from '../export/list-expression.ts'
import { valueLines } from '../export/value-lines.ts'

/** An empty list makes the refresh fail, and the last list stays in force: it must never be empty. No comments, no header. */
const common = {
  kind: 'list',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'txt',
  aggregate: 'none',
  empty: 'placeholder'
} as const

export const edlIp: ListFormat = {
  ...common,
  name: 'edl-ip',
  title: 'PAN-OS external dynamic list of addresses',
  description:
    'Palo Alto Networks firewalls, type IP List: one address or CIDR a line. Source or destination of a rule that names the ports.',
  expression: listExpression({ address: 'exact' }),
  placeholders: ['address'],
  render: ({ entries }) => valueLines(entries)
}

export const edlUrl: ListFormat = {
  ...common,
  name: 'edl-url',
  title: 'PAN-OS external dynamic list of URLs',
  description:
    'Palo Alto Networks firewalls, type URL List: names of HTTP and TLS servers as www.example.net/ and *.example.net/. The final slash keeps www.example.net.evil.example from matching.',
  expression: {
    ...listExpression({ host: 'exact', wildcard: 'exact' }),
    // A URL is what is asked for, in HTTP or in the name of TLS: never a source, and never without a connection.
    directions: ['outbound'],
    transports: ['tcp']
  },
  placeholders: ['host'],
  render: ({ entries }) => valueLines(entries, (target) => `${targetValue(target) ?? ''}/`)
}

export const edlDomain: ListFormat = {
  ...common,
  name: 'edl-domain',
  title: 'PAN-OS external dynamic list of domains',
  description:
    'Palo Alto Networks firewalls, type Domain List, for DNS policies in Anti-Spyware profiles, not for destinations of rules. Leave automatic expansion to subdomains off: the list names those that are meant.',
  expression: { ...listExpression({ host: 'exact', wildcard: 'exact' }), directions: ['outbound'] },
  placeholders: ['host'],
  render: ({ entries }) => valueLines(entries)
}
