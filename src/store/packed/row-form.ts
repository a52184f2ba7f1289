import { digestBytes, digestText, type KeptDigest } from './digest-bytes.ts'
import { deflateJson, jsonText, type PackedJson } from './packed-json.ts'

/** How a store writes what may be packed. What is packed already stays. */
export interface RowForm {
  json(value: unknown): PackedJson
  digest(text: string): KeptDigest
}

/** The form of a store that programs of older versions may read, and the packed one. */
export function rowForm(isPacked: boolean): RowForm {
  if (!isPacked) return { json: JSON.stringify, digest: (text) => text }
  return { json: deflateJson, digest: digestBytes }
}

/** JSON that is kept in either form, packed. */
export function repackedJson(kept: PackedJson): PackedJson {
  return deflateJson(JSON.parse(jsonText(kept)))
}

/** A digest that is kept in either form, packed. */
export function repackedDigest(kept: KeptDigest): KeptDigest {
  return digestBytes(digestText(kept))
}
