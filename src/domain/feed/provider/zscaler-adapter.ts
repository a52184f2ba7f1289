import { pointerTo } from '../../json/pointer.ts'
import { quote } from '../../json/source-text.ts'
import type { ReadingNote } from '../../table/table-reading.ts'
import { type AdapterOptions, type FeedSource, type Imported, unreadableSource } from '../adapter.ts'
import { readListName } from './list-name.ts'
import type { ListReader, ListRecord } from './list-reader.ts'
import { externalIds, facetTag, importedList, openList, type ProviderList } from './provider-list.ts'
import type { ListEndpoint } from './requirement-groups.ts'
import { selectFields } from './select-fields.ts'
import { jsonOfSource } from './source-json.ts'

const rowShape = {
  name: 'the rows of cities',
  needed: [],
  others: ['range', 'gre', 'ext', 'vpn', 'hostname', 'latitude', 'longitude']
}

/** What the fields of a row are: `range` is the city itself, and the others are requirements beside it. */
const kinds = {
  range: { title: '', isName: false, services: [{ transport: 'any' }] },
  gre: { title: ', GRE gateways', isName: false, services: [{ transport: 'gre' }] },
  ext: { title: ', external addresses', isName: false, services: [{ transport: 'any' }] },
  vpn: {
    title: ', VPN gateways',
    isName: true,
    services: [{ transport: 'udp', ports: [500, 4500] }, { transport: 'esp' }]
  },
  hostname: { title: ', proxies', isName: true, services: [{ transport: 'tcp', ports: [80, 443] }] }
} as const
const fields = ['range', 'gre', 'ext', 'vpn', 'hostname'] as const

const outbound = {
  scope: 'external',
  direction: 'outbound',
  necessity: 'optional',
  inferred: ['direction', 'necessity', 'ports', 'transport']
} as const
const note: ReadingNote = {
  kind: 'taken',
  detail:
    'the list says nothing of direction, necessity, transport and ports: outbound, optional and what each kind of gateway needs were taken'
}

/** Reads the enforcement nodes of a cloud of Zscaler: a requirement for each city, and for each kind of gateway there. */
export function readZscalerFeed(source: FeedSource, options: AdapterOptions): Imported {
  const list = openList(source, options, selectFields.zscaler)
  const { reader } = list
  const value = jsonOfSource(source)
  const clouds = keysOf(value).filter((name) => /^[\w-]+(?:\.[\w-]+)+$/.test(name))
  const found = reader.document(value, { name: 'the list', needed: clouds, others: ['svpnIPs'] })
  const [cloud] = clouds
  if (cloud === undefined || clouds.length > 1)
    throw unreadableSource(
      source,
      'missing_field',
      `has ${clouds.length} clouds, such as zscaler.net, where the list has one`
    )
  const continents = reader.document(found[cloud], { name: 'the cloud', needed: keysOf(found[cloud]) })
  for (const [name, cities] of Object.entries(continents)) readContinent(list, cloud, name, cities)
  readSvpn(list, cloud, found.svpnIPs)
  return importedList(list, { notes: [note] })
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
}

function readContinent(list: ProviderList, cloud: string, key: string, value: unknown): void {
  const { reader } = list
  const at = pointerTo(cloud) + pointerTo(key)
  const continent = nameAfter(reader, 'continent', key, at)
  const cities = reader.record(value, at, { name: 'the continents', needed: keysOf(value) })
  if (!cities || continent === undefined) return
  for (const [name, rows] of Object.entries(cities)) {
    const place = at + pointerTo(name)
    const city = nameAfter(reader, 'city', name, place)
    if (city === undefined) continue
    for (const [index, row] of reader.array(rows, place).entries())
      readRow(list, { cloud, continent, city }, row, `${place}/${index}`)
  }
}

/** Keys are written `city : Amsterdam II`. */
function nameAfter(reader: ListReader, word: string, key: string, pointer: string): string | undefined {
  const [, name] = new RegExp(`^${word}\\s*:[\\s_]*(.+)$`, 'i').exec(key) ?? []
  if (name !== undefined) return reader.name(name, pointer)
  reader.refuse(pointer, 'wrong_key', `${quote(key)} is no ${word}: such keys begin with "${word} :"`)
  return undefined
}

interface Place {
  readonly cloud: string
  readonly continent: string
  readonly city: string
}

function readRow(
  { reader, selection, groups }: ProviderList,
  { cloud, continent, city }: Place,
  value: unknown,
  at: string
): void {
  const row = reader.record(value, at, rowShape)
  if (!row || !selection.takes({ continent: [continent], city: [city] })) return
  for (const field of fields) {
    const endpoint = readEndpoint(reader, row, field, `${at}/${field}`)
    if (!endpoint) continue
    const { title, services } = kinds[field]
    const names = field === 'range' ? [continent, city] : [continent, city, field]
    const group = groups.group(names, at, () => ({
      title: `${city}, ${continent}${title}`,
      ...outbound,
      services,
      tags: [facetTag('continent', continent), facetTag('city', city)],
      externalIds: externalIds({ 'zscaler-cloud': cloud, 'zscaler-continent': continent, 'zscaler-city': city })
    }))
    if (group) groups.add(group, endpoint)
  }
}

function readEndpoint(
  reader: ListReader,
  row: ListRecord,
  field: keyof typeof kinds,
  pointer: string
): ListEndpoint | undefined {
  const value = row[field]
  if (value === undefined || value === null || value === '') return undefined
  if (kinds[field].isName) return readListName(reader, value, pointer, () => false)
  const address = reader.address(value, pointer)
  return address === undefined ? undefined : { kind: 'address', value: address }
}

/** They lie beside the cities, and belong to none. */
function readSvpn({ reader, selection, groups }: ProviderList, cloud: string, values: unknown): void {
  for (const [index, value] of reader.array(values, '/svpnIPs').entries()) {
    const address = reader.address(value, `/svpnIPs/${index}`)
    if (address === undefined || !selection.takes({})) continue
    const group = groups.group(['svpn'], '/svpnIPs', () => ({
      title: `svpnIPs of ${cloud}`,
      ...outbound,
      services: [{ transport: 'any' }],
      externalIds: externalIds({ 'zscaler-cloud': cloud })
    }))
    if (group) groups.add(group, { kind: 'address', value: address })
  }
}
