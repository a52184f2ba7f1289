import { parseAddress } from '../../network/address.ts'
import { type AdapterOptions, type FeedSource, type Imported, unreadableSource } from '../adapter.ts'
import { textOfSource } from '../source-page.ts'
import { importedList, openList, type ProviderList } from './provider-list.ts'
import { jsonOfSource } from './source-json.ts'
import { readEdge, webEdgeNote } from './web-edge.ts'

const document = { name: 'the answer', needed: ['result'], others: ['success', 'errors', 'messages'] }
const resultShape = { name: 'the result', needed: ['ipv4_cidrs', 'ipv6_cidrs'], others: ['etag'] }
const title = 'Cloudflare edge'

/**
 * Reads the addresses of Cloudflare: one requirement, `edge`. They are one document in JSON, or two texts with a CIDR a line, one behind the
 * other. A text alone is refused, since it is half a list.
 */
export function readCloudflareFeed(source: FeedSource, options: AdapterOptions): Imported {
  const list = openList(source, options, [])
  if (isText(source)) readText(list, source)
  else readAnswer(list, source)
  return importedList(list, { notes: [webEdgeNote] })
}

function readAnswer(list: ProviderList, source: FeedSource): void {
  const { reader } = list
  const answer = reader.document(jsonOfSource(source), document)
  if (answer.success === false)
    throw unreadableSource(source, 'no_list', 'says that it failed', { pointer: '/success' })
  const result = reader.document(answer.result, resultShape)
  for (const field of resultShape.needed) {
    const pointer = `/result/${field}`
    readEdge(list, title, reader.rows(result[field], pointer), pointer)
  }
}

/** Whether the first word is an address. */
function isText({ bytes }: FeedSource): boolean {
  const [word = ''] = Buffer.from(bytes.subarray(0, 200))
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trim()
    .split(/\s/)
  return 'value' in parseAddress(word)
}

function readText(list: ProviderList, source: FeedSource): void {
  const words = textOfSource(source)
    .split(/\s+/)
    .filter((word) => word !== '')
  if ([':', '.'].some((sign) => !words.some((word) => word.includes(sign))))
    throw unreadableSource(source, 'partial', 'is one of two lists: the addresses of the other family are missing')
  readEdge(list, title, words, '')
}
