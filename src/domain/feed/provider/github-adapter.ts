import { pointerTo } from '../../json/pointer.ts'
import type { ReadingNote } from '../../table/table-reading.ts'
import type { AdapterOptions, FeedSource, Imported } from '../adapter.ts'
import { readListName } from './list-name.ts'
import type { ListRecord } from './list-reader.ts'
import { importedList, openList, type ProviderList } from './provider-list.ts'
import type { ListEndpoint } from './requirement-groups.ts'
import { selectFields } from './select-fields.ts'
import { jsonOfSource } from './source-json.ts'

const needed = ['hooks', 'web', 'api', 'git']
const withoutEndpoints = ['verifiable_password_authentication', 'ssh_keys', 'ssh_key_fingerprints', 'trust_domain']

/** Who opens the connections; all others are opened from the customer's side. */
const directions: Readonly<Record<string, 'inbound' | 'both'>> = {
  hooks: 'inbound',
  importer: 'inbound',
  github_enterprise_importer: 'inbound',
  actions: 'both',
  actions_macos: 'both',
  codespaces: 'both',
  dependabot: 'both'
}
const gitPorts = [22, 80, 443]
const otherPorts = [443]

/** Reads `/meta` of GitHub's interface: a requirement for each array, below `domains` of names, elsewhere of addresses. */
export function readGithubFeed(source: FeedSource, options: AdapterOptions): Imported {
  const list = openList(source, options, selectFields.github)
  const value = jsonOfSource(source)
  const found = list.reader.document(value, { name: 'the list', needed, others: keysOf(value) })
  const notes: ReadingNote[] = [
    {
      kind: 'taken',
      detail:
        'the list says nothing of direction, necessity, transport and ports: those that the names of its keys tell were taken, and optional'
    }
  ]
  readKeys(list, found, [], notes)
  return importedList(list, { notes })
}

/** What is unknown is known by its value, not by its name. */
function keysOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

function readKeys(list: ProviderList, found: ListRecord, path: readonly string[], notes: ReadingNote[]): void {
  for (const [name, value] of Object.entries(found)) {
    const names = [...path, name]
    const key = names.join('.')
    const pointer = names.map(pointerTo).join('')
    if (withoutEndpoints.includes(name)) notes.push({ kind: 'left_out', detail: `${key} has no endpoints` })
    else if (Array.isArray(value)) readKey(list, names, value, pointer)
    else if (typeof value === 'object' && value !== null) readKeys(list, value as ListRecord, names, notes)
    else notes.push({ kind: 'unknown_field', detail: `${key} is no array, and left out` })
  }
}

function readKey(
  { reader, selection, groups }: ProviderList,
  names: readonly string[],
  values: readonly unknown[],
  at: string
): void {
  const key = names.join('.')
  if (!selection.takes({ key: [key] })) return
  const ports = key === 'git' ? gitPorts : otherPorts
  const group = groups.group(names, at, () => ({
    title: key,
    scope: 'external',
    direction: Object.hasOwn(directions, key) ? directions[key] : 'outbound',
    necessity: 'optional',
    inferred: ['direction', 'necessity', 'ports', 'transport'],
    services: [{ transport: 'tcp', ports }],
    externalIds: { github: key }
  }))
  if (!group) return
  const hasPort = (port: number) => ports.includes(port)
  const read = (value: unknown, pointer: string): ListEndpoint | undefined => {
    if (names[0] === 'domains') return readListName(reader, value, pointer, hasPort)
    const address = reader.address(value, pointer)
    return address === undefined ? undefined : { kind: 'address', value: address }
  }
  for (const [index, value] of values.entries()) {
    const endpoint = read(value, `${at}/${index}`)
    if (endpoint) groups.add(group, endpoint)
  }
}
