import { withoutUndefined } from '../../json/without-undefined.ts'
import type { ReadingNote } from '../../table/table-reading.ts'
import { type Instant, parseInstant } from '../../time/instant.ts'
import type { AdapterOptions, FeedSource, Imported } from '../adapter.ts'
import type { ListReader, ListRecord } from './list-reader.ts'
import {
  addressesAlone,
  addressesAloneNote,
  externalIds,
  facetTag,
  importedList,
  openList,
  type ProviderList
} from './provider-list.ts'
import { selectFields } from './select-fields.ts'
import { jsonOfSource } from './source-json.ts'

const document = { name: 'the list', needed: ['syncToken', 'createDate', 'prefixes', 'ipv6_prefixes'] }

/** Border groups exist since 7 April 2020. */
const rowShape = (list: string, address: string) => ({
  name: list,
  needed: [address, 'service', 'region'],
  others: ['network_border_group']
})

/** Reads `ip-ranges.json` of AWS: a requirement for each service in each region. */
export function readAwsFeed(source: FeedSource, options: AdapterOptions): Imported {
  const list = openList(source, options, selectFields.aws)
  const found = list.reader.document(jsonOfSource(source), document)
  readRows(list, found, 'prefixes', 'ip_prefix')
  readRows(list, found, 'ipv6_prefixes', 'ipv6_prefix')
  const token = list.reader.numeral(found.syncToken, '/syncToken')
  const time = timeOf(list.reader, found, token)
  return importedList(list, { token, time, notes: [addressesAloneNote, ...timeNotes(token, time)] })
}

function readRows({ reader, selection, groups }: ProviderList, found: ListRecord, name: string, address: string): void {
  const shape = rowShape(name, address)
  for (const [index, value] of reader.rows(found[name], `/${name}`).entries()) {
    const at = `/${name}/${index}`
    const row = reader.record(value, at, shape)
    if (!row) continue
    const cidr = reader.address(row[address], `${at}/${address}`)
    const service = reader.name(row.service, `${at}/service`)
    const region = reader.name(row.region, `${at}/region`)
    const border = reader.optionalName(row.network_border_group, `${at}/network_border_group`) ?? region
    if (cidr === undefined || service === undefined || region === undefined || border === undefined) continue
    if (!selection.takes({ service: [service], region: [region], network_border_group: [border] })) continue
    const group = groups.group([service, region], at, () => ({
      title: `${service} in ${region}`,
      ...addressesAlone,
      tags: [facetTag('service', service), facetTag('region', region)],
      externalIds: externalIds({ 'aws-service': service, 'aws-region': region })
    }))
    const tags = border === region ? undefined : [facetTag('border-group', border)]
    if (group) groups.add(group, withoutUndefined({ kind: 'address', value: cidr, tags }))
  }
}

/** `createDate` has no zone. It is UTC where it is the instant of the token, which has seconds since 1970; lists of others differ there. */
function timeOf(reader: ListReader, found: ListRecord, token: string | undefined): Instant | undefined {
  const created = reader.name(found.createDate, '/createDate')
  const parts = created && /^(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)$/.exec(created)
  const read = parts ? parseInstant(`${parts[1]}T${parts[2]}:${parts[3]}:${parts[4]}Z`) : undefined
  return read && 'instant' in read && String(read.instant / 1000) === token ? read.instant : undefined
}

function timeNotes(token: string | undefined, time: Instant | undefined): readonly ReadingNote[] {
  if (token === undefined || time !== undefined) return []
  return [
    {
      kind: 'left_out',
      detail: 'createDate is not the instant of syncToken in UTC, so it is not taken as the time of the list'
    }
  ]
}
