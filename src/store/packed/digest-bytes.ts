/** A digest as a column keeps it: `sha256:` and 64 hexadecimal digits, which every version reads, or its 32 bytes. */
export type KeptDigest = string | Buffer

/** The bytes of a digest; the text itself where it is no SHA-256. */
export function digestBytes(digest: string): KeptDigest {
  return /^sha256:[0-9a-f]{64}$/.test(digest) ? Buffer.from(digest.slice('sha256:'.length), 'hex') : digest
}

export function digestText(kept: KeptDigest): string {
  return typeof kept === 'string' ? kept : `sha256:${kept.toString('hex')}`
}
