import { parseJson } from '../../json/json.ts'
import { decodeSource } from '../../json/source-text.ts'
import { type FeedSource, unreadableSource } from '../adapter.ts'
import { refuseWebPage, startsWith } from '../source-page.ts'

/** More than is ever fetched. */
const mostBytes = 64 * 1_048_576

/**
 * The value of a list in JSON, whatever its name and its media type say. A byte order mark is left out.
 * @throws PortolanError `invalid_source` where the bytes are no JSON: a web page, half a list, or nothing
 */
export function jsonOfSource(source: FeedSource): unknown {
  const { bytes } = source
  if (bytes.length === 0) throw unreadableSource(source, 'empty', 'is empty')
  if (bytes.length > mostBytes)
    throw unreadableSource(source, 'too_large', `is larger than ${mostBytes / 1_048_576} MiB`)
  if (startsWith(bytes, [0x1f, 0x8b])) throw unreadableSource(source, 'wrong_kind', 'is compressed: unpack it first')
  const decoded = decodeSource(bytes)
  if ('text' in decoded) refuseWebPage(source, decoded.text)
  const parsed = parseJson(bytes)
  if ('fault' in parsed)
    throw unreadableSource(source, 'malformed_json', `is no JSON: it ${parsed.fault}`, parsed.place)
  return parsed.value
}
