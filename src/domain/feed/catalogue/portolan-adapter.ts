import { parseDocument } from '../../document/parse-document.ts'
import { documentDigest } from '../../history/digest.ts'
import { isRecord } from '../../json/fields.ts'
import { parseJson } from '../../json/json.ts'
import { type AdapterOptions, type FeedSource, type Imported, unreadableSource } from '../adapter.ts'
import { textOfSource } from '../source-page.ts'

/**
 * Reads a catalogue of another service: `{document, revision}`, as it answers both, which its digest proves to belong together. The document of
 * a mirror is refused unless its origin is the one that is expected, so that nobody takes a copy of a copy without knowing it.
 */
export function readPortolanFeed(source: FeedSource, { mirrorOf }: AdapterOptions): Imported {
  // Its refusals of pages, archives and other encodings hold here too.
  textOfSource(source)
  const read = parseJson(source.bytes)
  if ('fault' in read) throw unreadableSource(source, 'malformed_json', read.fault, read.place)
  const { document, revision } = isRecord(read.value) ? read.value : {}
  if (!isRecord(document) || !isRecord(revision))
    throw unreadableSource(source, 'wrong_kind', 'has no document and revision of a catalogue')
  const { number, digest } = revision
  if (typeof number !== 'number' || typeof digest !== 'string')
    throw unreadableSource(source, 'wrong_kind', 'has a revision without a number or a digest')
  const parsed = parseDocument(document)
  if ('faults' in parsed)
    throw unreadableSource(source, 'invalid_document', 'has a document that this version of Portolan cannot take')
  // What was read is in canonical form, or its digest is another one.
  if (documentDigest(parsed.document) !== digest)
    throw unreadableSource(
      source,
      'wrong_digest',
      `has a document that is not the one of revision ${number}: its digest differs`
    )
  const { source: before } = parsed.document.edition
  if (before?.adapter === 'portolan' && before.url !== mirrorOf)
    throw unreadableSource(
      source,
      'mirror_of_mirror',
      `is itself a mirror, of ${before.url}: name that as its origin, or mirror it from there`
    )
  return {
    requirements: [],
    components: [],
    places: new Map(),
    notes: [],
    columns: [],
    refused: [],
    token: String(number),
    mirrored: { document: parsed.document, digest }
  }
}
