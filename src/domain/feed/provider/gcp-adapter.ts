import type { AdapterOptions, FeedSource, Imported } from '../adapter.ts'
import {
  addressesAlone,
  addressesAloneNote,
  externalIds,
  facetTag,
  importedList,
  openList,
  type ProviderList,
  tokenTime
} from './provider-list.ts'
import { selectFields } from './select-fields.ts'
import { jsonOfSource } from './source-json.ts'

const document = { name: 'the list', needed: ['syncToken', 'creationTime', 'prefixes'] }
const rowShape = { name: 'prefixes', needed: [], others: ['ipv4Prefix', 'ipv6Prefix', 'service', 'scope'] }

/**
 * Reads `cloud.json` and `goog.json` of Google: a requirement for each service in each scope, and one where rows name neither. `creationTime`
 * has no zone and is that of California, so the time is that of the token, in milliseconds since 1970.
 */
export function readGcpFeed(source: FeedSource, options: AdapterOptions): Imported {
  const list = openList(source, options, selectFields.gcp)
  const found = list.reader.document(jsonOfSource(source), document)
  for (const [index, value] of list.reader.rows(found.prefixes, '/prefixes').entries())
    readRow(list, value, `/prefixes/${index}`)
  const token = list.reader.numeral(found.syncToken, '/syncToken')
  return importedList(list, { token, time: tokenTime(token, 1), notes: [addressesAloneNote] })
}

function readRow({ reader, selection, groups }: ProviderList, value: unknown, at: string): void {
  const row = reader.record(value, at, rowShape)
  if (!row) return
  const addresses = ['ipv4Prefix', 'ipv6Prefix'].flatMap((field) => reader.address(row[field], `${at}/${field}`) ?? [])
  if (row.ipv4Prefix === undefined && row.ipv6Prefix === undefined)
    reader.refuse(at, 'missing_field', 'has neither "ipv4Prefix" nor "ipv6Prefix"')
  const service = reader.optionalName(row.service, `${at}/service`)
  const scope = reader.optionalName(row.scope, `${at}/scope`)
  if (!selection.takes({ service: [service ?? []].flat(), scope: [scope ?? []].flat() })) return
  const name = service ?? 'Google'
  const group = groups.group(scope === undefined ? [name] : [name, scope], at, () => ({
    title: scope === undefined ? name : `${name} in ${scope}`,
    ...addressesAlone,
    ...(scope !== undefined && { tags: [facetTag('scope', scope)] }),
    ...(service !== undefined && { externalIds: externalIds({ 'gcp-service': service, 'gcp-scope': scope }) })
  }))
  if (group) for (const address of addresses) groups.add(group, { kind: 'address', value: address })
}
