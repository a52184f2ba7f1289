import { hasWholeLabels } from '../../domain/network/pattern.ts'
import type { ListFormat } from '../export/format.ts'
import { listExpression } from '../export/list-expression.ts'
import { panUrl } from '../export/pan-url.ts'
import { valueLines } from '../export/value-lines.ts'

/** A list must never be empty, since the refresh would fail and the last list would stay in force. The format has no comments. */
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
    'Palo Alto Networks firewalls, type IP List: one address or CIDR a line, for the source or destination of a rule that names the ports.',
  expression: listExpression({ address: 'exact' }),
  placeholders: ['address'],
  render: ({ entries }) => valueLines(entries)
}

export const edlUrl: ListFormat = {
  ...common,
  name: 'edl-url',
  title: 'PAN-OS external dynamic list of URLs',
  description:
    'Palo Alto Networks firewalls, type URL List: names of HTTP and TLS servers as www.example.net/ and *.example.net/, URLs with their paths, and patterns in which an asterisk is a whole label, as www.^.example.net/. The final slash keeps www.example.net.evil.example from matching.',
  expression: {
    ...listExpression({ host: 'exact', wildcard: 'exact', pattern: 'exact', url: 'exact' }),
    omits: (_, { target }) => (target.kind === 'pattern' && !hasWholeLabels(target.value) ? 'pattern' : undefined),
    // A URL is compared with a request of HTTP or the name in TLS: it is never a source, and always over TCP.
    directions: ['outbound'],
    transports: ['tcp', 'any']
  },
  placeholders: ['host'],
  render: ({ entries }) => valueLines(entries, panUrl)
}

export const edlDomain: ListFormat = {
  ...common,
  name: 'edl-domain',
  title: 'PAN-OS external dynamic list of domains',
  description:
    'Palo Alto Networks firewalls, type Domain List, for DNS policies in Anti-Spyware profiles, not for destinations of rules. Turn off the automatic expansion to subdomains: the list names the subdomains that are meant.',
  expression: { ...listExpression({ host: 'exact', wildcard: 'exact' }), directions: ['outbound'] },
  placeholders: ['host'],
  render: ({ entries }) => valueLines(entries)
}
