import { type AdapterOptions, type FeedSource, type Imported, unreadableSource } from '../adapter.ts'
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

/** What stands beside these is of the answer of the REST interface. */
const document = {
  name: 'the list',
  needed: ['changeNumber', 'cloud', 'values'],
  others: ['name', 'id', 'type', 'nextLink']
}
const tagShape = { name: 'values', needed: ['name', 'properties'], others: ['id', 'serviceTagChangeNumber'] }
const propertiesShape = {
  name: 'properties',
  needed: ['changeNumber', 'addressPrefixes'],
  others: ['region', 'regionId', 'platform', 'systemService', 'networkFeatures', 'state']
}

/** Reads the service tags of Azure, as a file or as the REST interface answers them: a requirement for each tag. */
export function readAzureFeed(source: FeedSource, options: AdapterOptions): Imported {
  const list = openList(source, options, selectFields.azure)
  const { reader } = list
  const found = reader.document(jsonOfSource(source), document)
  if (reader.optionalName(found.nextLink, '/nextLink') !== undefined)
    throw unreadableSource(source, 'partial', 'is the first page of several', { pointer: '/nextLink' })
  for (const [index, value] of reader.rows(found.values, '/values').entries()) readTag(list, value, `/values/${index}`)
  const token = reader.numeral(found.changeNumber, '/changeNumber')
  return importedList(list, { token, notes: [addressesAloneNote] })
}

function readTag({ reader, selection, groups }: ProviderList, value: unknown, at: string): void {
  const row = reader.record(value, at, tagShape)
  const properties = row && reader.record(row.properties, `${at}/properties`, propertiesShape)
  if (!row || !properties) return
  const place = (field: string) => `${at}/properties/${field}`
  const word = (field: string) => reader.optionalName(properties[field], place(field))
  const name = reader.name(row.name, `${at}/name`)
  const [region, platform, service] = [word('region'), word('platform'), word('systemService')]
  const features = reader
    .array(properties.networkFeatures ?? undefined, place('networkFeatures'))
    .flatMap((feature, index) => reader.name(feature, `${place('networkFeatures')}/${index}`) ?? [])
  if (name === undefined) return
  if (!selection.takes({ name: [name], region: region ? [region] : [], systemService: service ? [service] : [] }))
    return
  const facets = [
    ...[region ?? []].flat().map((each) => facetTag('region', each)),
    ...[service ?? []].flat().map((each) => facetTag('service', each)),
    ...[platform ?? []].flat().map((each) => facetTag('platform', each)),
    ...features.map((each) => facetTag('feature', each))
  ]
  const group = groups.group([name], at, () => ({
    title: name,
    ...addressesAlone,
    ...(facets.length > 0 && { tags: facets }),
    externalIds: externalIds({
      'azure-id': reader.optionalName(row.id, `${at}/id`),
      'azure-change-number': reader.numeral(properties.changeNumber, place('changeNumber')),
      'azure-region': region,
      'azure-region-id': reader.numeral(properties.regionId, place('regionId')),
      'azure-platform': platform,
      'azure-system-service': service,
      'azure-network-features': features.length > 0 ? features.join(',') : undefined
    })
  }))
  if (!group) return
  for (const [index, prefix] of reader.array(properties.addressPrefixes, place('addressPrefixes')).entries()) {
    const address = reader.address(prefix, `${at}/properties/addressPrefixes/${index}`)
    if (address !== undefined) groups.add(group, { kind: 'address', value: address })
  }
}
