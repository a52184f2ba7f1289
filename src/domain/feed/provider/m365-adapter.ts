import { withoutUndefined } from '../../json/without-undefined.ts'
import type { PortRange, Service } from '../../network/network-service.ts'
import { parsePorts } from '../../network/port.ts'
import type { ReadingNote } from '../../table/table-reading.ts'
import type { AdapterOptions, FeedSource, Imported } from '../adapter.ts'
import { readListName } from './list-name.ts'
import type { ListReader, ListRecord } from './list-reader.ts'
import { readM365Dates, readM365Version } from './m365-parts.ts'
import { externalIds, facetTag, importedList, openList, type ProviderList } from './provider-list.ts'
import { selectFields } from './select-fields.ts'
import { jsonOfSource } from './source-json.ts'

const setShape = {
  name: 'the endpoint sets',
  needed: ['id', 'serviceArea', 'category', 'required'],
  others: ['serviceAreaDisplayName', 'urls', 'ips', 'tcpPorts', 'udpPorts', 'expressRoute', 'notes']
}

const outboundNote: ReadingNote = {
  kind: 'taken',
  detail: 'the list says nothing of direction: outbound was taken'
}

/**
 * Reads the endpoints of Microsoft 365: a requirement for each endpoint set. Of the parts it knows `version`, the answer of
 * `/version/{instance}`, which has the token, and `changes`, that of `/changes/{instance}/{version}`, which has dates.
 */
export function readM365Feed(source: FeedSource, options: AdapterOptions): Imported {
  const list = openList(source, options, selectFields.m365)
  const token = readM365Version(source)
  const dates = readM365Dates(source, options.datesAfter)
  for (const [index, value] of list.reader.rows(jsonOfSource(source), '').entries())
    readSet(list, value, `/${index}`, dates)
  return importedList(list, { token, notes: [outboundNote] })
}

function readSet(
  { reader, selection, groups }: ProviderList,
  value: unknown,
  at: string,
  dates: ReadonlyMap<string, string>
) {
  const set = reader.record(value, at, setShape)
  if (!set) return
  const id = reader.numeral(set.id, `${at}/id`)
  const area = reader.name(set.serviceArea, `${at}/serviceArea`)
  const areaTitle = reader.optionalName(set.serviceAreaDisplayName, `${at}/serviceAreaDisplayName`) ?? area
  const category = reader.name(set.category, `${at}/category`)
  const isRequired = reader.flag(set.required, `${at}/required`)
  const isExpress = reader.flag(set.expressRoute, `${at}/expressRoute`) === true
  const notes = reader.prose(set.notes, `${at}/notes`)
  const services = servicesOf(reader, set, at)
  if (id === undefined || area === undefined || category === undefined || isRequired === undefined) return
  const values = {
    id: [id],
    serviceArea: [area],
    category: [category],
    required: [String(isRequired)],
    expressRoute: [String(isExpress)]
  }
  if (!selection.takes(values)) return
  const group = groups.group([`set-${id}`], at, () =>
    withoutUndefined({
      title: `${areaTitle}, endpoint set ${id}`,
      scope: 'external',
      direction: 'outbound',
      necessity: isRequired ? 'required' : 'optional',
      inferred: services.length > 0 ? ['direction'] : ['direction', 'ports', 'transport'],
      services: services.length > 0 ? services : [{ transport: 'any' }],
      tags: [facetTag('service-area', area), facetTag('category', category), ...(isExpress ? ['express-route'] : [])],
      remarks: notes,
      externalIds: externalIds({
        'm365-id': id,
        'm365-service-area': area,
        'm365-service-area-display-name': areaTitle,
        'm365-category': category
      })
    })
  )
  if (!group) return
  const hasPort = (port: number) =>
    services.length === 0 || services.some(({ ports = [] }) => ports.some(({ from, to }) => from <= port && port <= to))
  const endpoints = [
    ...reader.array(set.ips, `${at}/ips`).map((ip, index) => {
      const address = reader.address(ip, `${at}/ips/${index}`)
      return address === undefined ? undefined : ({ kind: 'address', value: address } as const)
    }),
    ...reader
      .array(set.urls, `${at}/urls`)
      .map((url, index) => readListName(reader, url, `${at}/urls/${index}`, hasPort))
  ]
  for (const endpoint of endpoints)
    if (endpoint) groups.add(group, withoutUndefined({ ...endpoint, from: dates.get(`${id} ${endpoint.value}`) }))
}

function servicesOf(reader: ListReader, set: ListRecord, at: string): readonly Service[] {
  return (['tcp', 'udp'] as const).flatMap((transport) => {
    const field = `${transport}Ports`
    const ports = portsOf(reader, set[field], `${at}/${field}`)
    return ports.length === 0 ? [] : [{ transport, ports }]
  })
}

/** Ports as a text, in any order: `443,80,1024-1030`. */
function portsOf(reader: ListReader, value: unknown, pointer: string): readonly PortRange[] {
  const text = reader.optionalName(value, pointer)
  if (text === undefined) return []
  const read = parsePorts([...new Set(text.split(',').map((port) => port.trim()))])
  if ('ranges' in read) return read.ranges
  for (const { code, detail } of read.faults) reader.refuse(pointer, code, detail)
  return []
}
