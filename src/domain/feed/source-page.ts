import { decodeSource, quote } from '../json/source-text.ts'
import { type FeedSource, unreadableSource } from './adapter.ts'

/** Larger lists in text are none that people write. */
const mostBytes = 32 * 1_048_576

/**
 * The text of a source, which has to be UTF-8, with or without a mark.
 * @throws PortolanError `invalid_source` where it is empty, no text, in another encoding, or a web page
 */
export function textOfSource(source: FeedSource): string {
  const { bytes } = source
  if (bytes.length === 0) throw unreadableSource(source, 'empty', 'is empty')
  if (bytes.length > mostBytes)
    throw unreadableSource(source, 'too_large', `is larger than ${mostBytes / 1_048_576} MiB: take a part of it`)
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff]))
    throw unreadableSource(source, 'wrong_encoding', 'is UTF-16: save it as UTF-8, which Excel calls "CSV UTF-8"')
  if (startsWith(bytes, [0x50, 0x4b, 3, 4]))
    throw unreadableSource(source, 'wrong_kind', 'is an archive or a workbook: import it as xlsx')
  const decoded = decodeSource(bytes)
  if ('fault' in decoded)
    throw unreadableSource(
      source,
      'wrong_encoding',
      `${decoded.fault}: save it as UTF-8, which Excel calls "CSV UTF-8"`,
      decoded.place
    )
  const { text } = decoded
  refuseWebPage(source, text)
  if (text.trim() === '') throw unreadableSource(source, 'empty', 'has nothing but blanks')
  if (text.includes('\0')) throw unreadableSource(source, 'wrong_kind', 'is no text')
  return text
}

/** A service that is down, or wants a sign-in, often answers with a page and status 200. */
export function refuseWebPage(source: FeedSource, text: string): void {
  if (!isWebPage(text)) return
  const title = /<title[^>]*>([^<]*)/i.exec(text.slice(0, 20_000))?.[1]?.trim()
  const named = title ? ` (title: ${quote(title)})` : ''
  throw unreadableSource(source, 'web_page', `is a web page${named} in the place of the list`)
}

export function isWebPage(text: string): boolean {
  return /^\s*(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:!doctype html|html|head|title|body)\b/i.test(text.slice(0, 5000))
}

export function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte)
}
