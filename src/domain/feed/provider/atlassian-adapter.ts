import { quote } from '../../json/source-text.ts'
import { withoutUndefined } from '../../json/without-undefined.ts'
import type { ReadingNote } from '../../table/table-reading.ts'
import type { AdapterOptions, FeedSource, Imported } from '../adapter.ts'
import { externalIds, facetTag, importedList, openList, type ProviderList, tokenTime } from './provider-list.ts'
import { selectFields } from './select-fields.ts'
import { jsonOfSource } from './source-json.ts'

const document = { name: 'the list', needed: ['syncToken', 'creationDate', 'items'] }
const itemShape = {
  name: 'items',
  needed: ['cidr', 'product', 'direction'],
  others: ['network', 'mask_len', 'mask', 'region', 'perimeter']
}

/** The list is written from the side of Atlassian: what leaves there comes in here. */
const directions: Readonly<Record<string, 'inbound' | 'outbound'>> = { egress: 'inbound', ingress: 'outbound' }

const note: ReadingNote = {
  kind: 'taken',
  detail: 'the list says nothing of necessity, transport and ports: optional and every transport were taken'
}

/** Reads the address ranges of Atlassian: a requirement for each product, direction and perimeter. */
export function readAtlassianFeed(source: FeedSource, options: AdapterOptions): Imported {
  const list = openList(source, options, selectFields.atlassian)
  const found = list.reader.document(jsonOfSource(source), document)
  for (const [index, value] of list.reader.rows(found.items, '/items').entries())
    readItem(list, value, `/items/${index}`)
  const token = list.reader.numeral(found.syncToken, '/syncToken')
  return importedList(list, { token, time: tokenTime(token, 1000), notes: [note] })
}

function readItem(list: ProviderList, value: unknown, at: string): void {
  const { reader } = list
  const item = reader.record(value, at, itemShape)
  if (!item) return
  const words = (field: string) =>
    reader
      .array(item[field], `${at}/${field}`)
      .flatMap((word, index) => reader.name(word, `${at}/${field}/${index}`) ?? [])
  const cidr = reader.address(item.cidr, `${at}/cidr`)
  const perimeter = reader.optionalName(item.perimeter, `${at}/perimeter`)
  const [products, ways, regions] = [words('product'), words('direction'), words('region')]
  for (const [field, found] of [
    ['product', products],
    ['direction', ways]
  ] as const)
    if (found.length === 0) reader.refuse(`${at}/${field}`, 'empty', `names no ${field}`)
  if (cidr === undefined) return
  for (const product of products)
    for (const direction of ways) readRow(list, { cidr, product, direction, perimeter, regions }, at)
}

interface Row {
  readonly cidr: string
  readonly product: string
  readonly direction: string
  readonly perimeter: string | undefined
  readonly regions: readonly string[]
}

function readRow(
  { reader, selection, groups }: ProviderList,
  { cidr, product, direction, perimeter, regions }: Row,
  at: string
): void {
  const seen = Object.hasOwn(directions, direction) ? directions[direction] : undefined
  if (seen === undefined) {
    reader.refuse(`${at}/direction`, 'unknown_direction', `${quote(direction)} is neither ingress nor egress`)
    return
  }
  const facets = { product: [product], direction: [direction], perimeter: [perimeter ?? []].flat() }
  const taken = (regions.length > 0 ? regions : [undefined]).filter((region) =>
    selection.takes({ ...facets, region: [region ?? []].flat() })
  )
  if (taken.length === 0) return
  const names = [product, direction, ...facets.perimeter]
  const group = groups.group(names, at, () => ({
    title: names.join(', '),
    scope: 'external',
    direction: seen,
    necessity: 'optional',
    inferred: ['necessity', 'ports', 'transport'],
    services: [{ transport: 'any' }],
    tags: [facetTag('product', product), ...facets.perimeter.map((each) => facetTag('perimeter', each))],
    externalIds: externalIds({
      'atlassian-product': product,
      'atlassian-direction': direction,
      'atlassian-perimeter': perimeter
    })
  }))
  const tags = taken.flatMap((region) => (region === undefined ? [] : [facetTag('region', region)]))
  if (group)
    groups.add(group, withoutUndefined({ kind: 'address', value: cidr, tags: tags.length > 0 ? tags : undefined }))
}
