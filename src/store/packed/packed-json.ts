import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { PortolanError } from '../../domain/errors.ts'

/** JSON as a column keeps it: as text, which every version reads, or packed, in some tenth of the bytes. */
export type PackedJson = string | Buffer

/** How many bytes the sum at the beginning takes. */
const sumBytes = 4

/**
 * What editions and the changes of events are made of, with what is most frequent at the end: each is packed by itself, and is too short to
 * repeat much. It is part of what stores hold: words may come before the first, and nothing else may ever change.
 */
const words = Buffer.from(
  [
    '","reason":"","reconstructed":true,"adapter":"github","gcp","azure","m365","aws","url":"https://ip-ranges.amazonaws.com/',
    'ip-ranges.json","token":"","time":"T00:00:00Z","digest":"sha256:"}}{"label":"","summary":"","source":{"adapter":"',
    '"replacedBy":["serves":"requirements/endpoints/host:"kind":"host","role","feed","any","pattern","url","value":"',
    'from":"until":"T00:00:00Z","tags":["remarks":"title":"scope":"external","internal","direction":"outbound",',
    '"inbound","both","necessity":"required","optional","conditional","services":[{"transport":"tcp","udp","any",',
    '"ports":[{"from":443,"to":443}],"application":"https"}]},"impact":"announces"},"impact":"informs"},',
    '{"op":"changed","pointer":"/requirements/","before":{"kind":"address"},{"op":"removed","pointer":"/requirements/"},',
    '"impact":"closes"},{"op":"added","pointer":"/requirements/"},"after":{"kind":"address","value":"},"impact":"opens"},',
    '/endpoints/address:","requirement":"","endpoint":{"kind":"address","value":""},"after":{"kind":"address","value":"'
  ].join('')
)

/** Packs a value: a sum over what follows, so that no edit of a single bit stays unseen, and the deflated JSON (RFC 1951). */
export function deflateJson(value: unknown): Buffer {
  const deflated = deflateRawSync(JSON.stringify(value), { level: 9, dictionary: words })
  const sum = Buffer.alloc(sumBytes)
  sum.writeUInt32BE(crc32(deflated))
  return Buffer.concat([sum, deflated])
}

/** The JSON that a column holds. @throws PortolanError `store_damaged` where it is not as it was written */
export function jsonText(kept: PackedJson): string {
  if (typeof kept === 'string') return kept
  const deflated = kept.subarray(sumBytes)
  if (kept.length < sumBytes || kept.readUInt32BE(0) !== crc32(deflated))
    throw new PortolanError('store_damaged', 'A packed value of the store is not as it was written.')
  return inflateRawSync(deflated, { dictionary: words }).toString('utf8')
}
