import { quote } from '../../json/source-text.ts'
import { parseInstant } from '../../time/instant.ts'
import type { AdapterOptions, FeedSource, Imported } from '../adapter.ts'
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

const document = { name: 'the list', needed: ['last_updated_timestamp', 'regions'] }
const regionShape = { name: 'regions', needed: ['region', 'cidrs'] }
const rowShape = { name: 'cidrs', needed: ['cidr', 'tags'] }

/** Reads `public_ip_ranges.json` of Oracle Cloud: a requirement for each tag in each region. A CIDR stands under each of its tags. */
export function readOracleFeed(source: FeedSource, options: AdapterOptions): Imported {
  const list = openList(source, options, selectFields.oracle)
  const { reader } = list
  const found = reader.document(jsonOfSource(source), document)
  for (const [index, value] of reader.rows(found.regions, '/regions').entries())
    readRegion(list, value, `/regions/${index}`)
  const token = reader.name(found.last_updated_timestamp, '/last_updated_timestamp')
  return importedList(list, { token, time: timeOf(token), notes: [addressesAloneNote] })
}

function readRegion({ reader, selection, groups }: ProviderList, value: unknown, place: string): void {
  const row = reader.record(value, place, regionShape)
  const region = row && reader.name(row.region, `${place}/region`)
  if (!row || region === undefined) return
  for (const [index, each] of reader.array(row.cidrs, `${place}/cidrs`).entries()) {
    const at = `${place}/cidrs/${index}`
    const entry = reader.record(each, at, rowShape)
    if (!entry) continue
    const cidr = reader.address(entry.cidr, `${at}/cidr`)
    const written = reader.array(entry.tags, `${at}/tags`)
    const tags = written.flatMap((tag, place) => reader.name(tag, `${at}/tags/${place}`) ?? [])
    if (written.length === 0)
      reader.refuse(`${at}/tags`, 'empty', `is empty: ${quote(String(entry.cidr))} belongs to nothing`)
    if (cidr === undefined) continue
    for (const tag of tags) {
      if (!selection.takes({ tag: [tag], region: [region] })) continue
      const group = groups.group([tag, region], at, () => ({
        title: `${tag} in ${region}`,
        ...addressesAlone,
        tags: [facetTag('tag', tag), facetTag('region', region)],
        externalIds: externalIds({ 'oracle-tag': tag, 'oracle-region': region })
      }))
      if (group) groups.add(group, { kind: 'address', value: cidr })
    }
  }
}

/** The time has no zone, and microseconds; it is taken as UTC. */
function timeOf(text: string | undefined) {
  const read = text === undefined ? undefined : parseInstant(/(?:[Zz]|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`)
  return read && 'instant' in read ? read.instant : undefined
}
