import type { ExportEntry, SliceEntries } from '../../domain/export/export-entry.ts'
import type { Slice } from '../../domain/export/slice.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { idName } from '../export/id-name.ts'
import { definitionExpression } from '../export/list-expression.ts'
import { shortName } from '../export/short-name.ts'
import { uuidOf } from '../export/uuid.ts'

/** This must never change: the ids of aliases are made from it. */
const namespace = '517a6698-e959-4302-b326-ee87b272130d'

/** An alias has no protocol and no direction, but each is of one slice, and the rule that uses it says both. */
export const opnsenseAlias: PolicyFormat = {
  kind: 'policy',
  name: 'opnsense-alias',
  title: 'OPNsense aliases',
  description:
    'For the import of Firewall, Aliases, and for POST /api/firewall/alias/import: for each slice a network alias with its addresses, a host alias with its names, and a port alias with its ports. An import replaces the aliases of the same names. The names are ptl_, the slice and the catalogue, cut to 31 characters, with _net, _host or _port at the end; each description has both in full.',
  mediaType: 'application/json',
  extension: 'json',
  // Any address is a word of the rule, not a table.
  expression: { ...definitionExpression, targets: { address: 'exact', host: 'exact' } },
  aggregate: 'none',
  render
}

/** AliasNameField of OPNsense: letters, digits and underscores. */
const longestName = 31

interface Alias {
  readonly enabled: '1'
  readonly name: string
  readonly type: 'network' | 'host' | 'port'
  readonly proto: ''
  readonly counters: '0'
  readonly content: string
  readonly description: string
}

/** Both aliases of a slice are always there, empty or not: an alias that an import does not name stays as it was. */
function render({ head: { id }, slices }: PolicyInput): string {
  const aliases = slices.flatMap((group) => aliasesOf(id, group))
  return `${JSON.stringify({ aliases: { alias: Object.fromEntries(aliases.map((alias) => [uuidOf(namespace, alias.name), alias])) } }, undefined, 2)}\n`
}

function aliasesOf(id: string, { slice, entries }: SliceEntries): readonly Alias[] {
  const alias = (type: Alias['type'], suffix: string, content: readonly string[]): Alias => ({
    enabled: '1',
    name: `${shortName(aliasName(id, slice), longestName - suffix.length, '_')}${suffix}`,
    type,
    proto: '',
    counters: '0',
    content: [...new Set(content)].join('\n'),
    // The only marks that OPNsense takes in a description are these.
    description: `Portolan, ${id}, ${slice.name}`
  })
  return [
    alias('network', '_net', valuesOf(entries, 'address')),
    alias('host', '_host', valuesOf(entries, 'host')),
    ...(slice.ports
      ? [
          alias(
            'port',
            '_port',
            slice.ports.map(({ from, to }) => (from === to ? `${from}` : `${from}:${to}`))
          )
        ]
      : [])
  ]
}

/** The slice and the catalogue. Neither has four underscores in a row, so no two pairs get the same name. */
function aliasName(id: string, { name }: Slice): string {
  return `ptl_${idName(name, 'word')}____${idName(id, 'word')}`
}

function valuesOf(entries: readonly ExportEntry[], kind: 'address' | 'host'): readonly string[] {
  return entries.flatMap(({ target }) => {
    if (target.kind !== kind) return []
    return target.kind === 'address' ? [target.address.value] : [target.value]
  })
}
