import { PortolanError } from '../../domain/errors.ts'
import type { SliceEntries } from '../../domain/export/export-entry.ts'
import { commentLines } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { listExpression } from '../export/list-expression.ts'
import { namesAbove } from '../export/names-above.ts'
import { shortName } from '../export/short-name.ts'

/** dnsmasq reads a longer line as two. */
const longestLine = 1000

export const dnsmasq: PolicyFormat = {
  kind: 'policy',
  name: 'dnsmasq',
  title: 'dnsmasq sets of names',
  description:
    'dnsmasq 2.87 and later: puts the addresses of each name into sets of nftables (mode=nftset) or ipset (mode=ipset): for each slice one of IPv4 and one of IPv6. The sets must exist before dnsmasq starts: the lines that begin with #nft or #ipset create them.',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'conf',
  modes: ['nftset', 'ipset'],
  aggregate: 'none',
  expression: {
    ...listExpression({ host: 'subdomains', wildcard: 'apex' }),
    // A look-up of the name fills its sets. Nobody looks up a peer that connects to the product, so its sets would stay empty.
    directions: ['outbound'],
    hasPorts: true
  },
  render
}

interface Kind {
  readonly longestName: number
  readonly before: readonly string[]
  readonly create: (set: SetName) => string
  readonly line: (domain: string, sets: readonly SetName[]) => string
}

interface SetName {
  readonly name: string
  readonly family: 4 | 6
}

/** The table of the format `nftables`, since a rule can only use sets of its own table. Loading that format keeps these sets. */
const table = 'portolan'

const kinds: Readonly<Record<string, Kind>> = {
  nftset: {
    longestName: 60,
    before: [`#nft add table inet ${table}`],
    create: ({ name, family }) => `#nft add set inet ${table} ${name} { type ipv${family}_addr; }`,
    line: (domain, sets) =>
      `nftset=/${domain}/${sets.map(({ name, family }) => `${family}#inet#${table}#${name}`).join(',')}`
  },
  ipset: {
    longestName: 31,
    before: [],
    create: ({ name, family }) => `#ipset create ${name} hash:ip family ${family === 4 ? 'inet' : 'inet6'} -exist`,
    line: (domain, sets) => `ipset=/${domain}/${sets.map(({ name }) => name).join(',')}`
  }
}

function render({ head, mode, slices }: PolicyInput): string {
  const kind = kinds[mode]
  if (!kind) throw new Error(`unknown mode ${mode}`)
  const used = slices
    .filter(({ slice }) => slice.direction !== 'inbound')
    .map(({ slice, entries }) => ({ entries, sets: setsOf(`${slice.name}.${head.id}`, kind) }))
  return [
    commentLines(
      head.lines.map((line) => [...line].slice(0, longestLine / 4 - 1).join('')),
      '#'
    ),
    ...[...kind.before, ...used.flatMap(({ sets }) => sets.map(kind.create))].map((line) => `${line}\n`),
    ...[...setsByDomain(used)].map(
      ([domain, sets]) => `${requireShortLine(kind.line(domain, [...sets].flat()), domain)}\n`
    )
  ].join('')
}

/** The name of a set must begin with a letter, so the slice comes first. */
function setsOf(name: string, { longestName }: Kind): readonly SetName[] {
  return ([4, 6] as const).map((family) => ({ name: `${shortName(name, longestName - 3)}-v${family}`, family }))
}

/**
 * dnsmasq follows only the line of the longest name that matches. So the line of a name has the sets of every slice that contains the
 * name, or a wildcard above it.
 */
function setsByDomain(
  used: readonly { readonly entries: SliceEntries['entries']; readonly sets: readonly SetName[] }[]
): ReadonlyMap<string, ReadonlySet<readonly SetName[]>> {
  const own = new Map<string, Set<readonly SetName[]>>()
  const below = new Map<string, Set<readonly SetName[]>>()
  for (const { entries, sets } of used) {
    for (const { target } of entries) {
      if (target.kind !== 'host' && target.kind !== 'wildcard') continue
      add(own, target.value, sets)
      if (target.kind === 'wildcard') add(below, target.value, sets)
    }
  }
  if (below.size > 0)
    for (const [domain, found] of own)
      for (const above of namesAbove(domain)) for (const sets of below.get(above) ?? []) found.add(sets)
  return new Map([...own].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function add<Value>(map: Map<string, Set<Value>>, domain: string, value: Value): void {
  const values = map.get(domain)
  if (values) values.add(value)
  else map.set(domain, new Set([value]))
}

function requireShortLine(line: string, domain: string): string {
  if (line.length <= longestLine) return line
  throw new PortolanError(
    'limit_exceeded',
    `dnsmasq reads lines of at most ${longestLine} characters, and ${domain} is in so many slices that its line has ${line.length}. Narrow the export with slice=.`
  )
}
