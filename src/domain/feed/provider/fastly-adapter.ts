import type { AdapterOptions, FeedSource, Imported } from '../adapter.ts'
import { importedList, openList } from './provider-list.ts'
import { jsonOfSource } from './source-json.ts'
import { readEdge, webEdgeNote } from './web-edge.ts'

const document = { name: 'the list', needed: ['addresses', 'ipv6_addresses'] }

/** Reads the public addresses of Fastly: one requirement, `edge`. */
export function readFastlyFeed(source: FeedSource, options: AdapterOptions): Imported {
  const list = openList(source, options, [])
  const found = list.reader.document(jsonOfSource(source), document)
  for (const field of document.needed)
    readEdge(list, 'Fastly edge', list.reader.rows(found[field], `/${field}`), `/${field}`)
  return importedList(list, { notes: [webEdgeNote] })
}
