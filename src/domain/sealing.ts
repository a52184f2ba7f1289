import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

/** A key that seals what the store keeps. Its id, which is no secret, stands with what it sealed. */
export interface SealingKey {
  /** 8 hex digits. */
  readonly id: string
  /** 32 bytes. */
  readonly bytes: Uint8Array
}

const [cipher, keyBytes, tagBytes] = ['aes-256-gcm', 32, 16] as const
/** How many random bytes each sealing needs. */
export const nonceBytes = 12

/** A key of 32 bytes. */
export function sealingKey(bytes: Uint8Array): SealingKey {
  return { id: createHash('sha256').update('portolan sealing key').update(bytes).digest('hex').slice(0, 8), bytes }
}

/** Keys as people write them: 32 bytes in base64 or hex each, apart by commas or white space, the one that seals first. */
export function readSealingKeys(text: string): readonly SealingKey[] | undefined {
  const keys: SealingKey[] = []
  for (const word of text.split(/[\s,]+/).filter((part) => part !== '')) {
    const isHex = /^[0-9a-f]{64}$/i.test(word)
    if (!isHex && !/^[A-Za-z0-9+/_-]{43}=?$/.test(word)) return undefined
    const bytes = Buffer.from(word, isHex ? 'hex' : 'base64')
    if (bytes.byteLength !== keyBytes) return undefined
    keys.push(sealingKey(bytes))
  }
  return keys.length > 0 ? keys : undefined
}

/**
 * Seals a text with AES-256-GCM (NIST SP 800-38D). `context` says what the text is and of which row: elsewhere the result cannot be opened.
 * `nonce`: 12 random bytes, others each time.
 */
export function seal(key: SealingKey, text: string, context: string, nonce: Uint8Array): string {
  const sealing = createCipheriv(cipher, key.bytes, nonce).setAAD(Buffer.from(context))
  const sealed = Buffer.concat([nonce, sealing.update(text, 'utf8'), sealing.final(), sealing.getAuthTag()])
  return `v1:${key.id}:${sealed.toString('base64url')}`
}

/** The id of the key that sealed a text. */
export function sealedBy(sealed: string): string | undefined {
  return /^v1:([0-9a-f]{8}):/.exec(sealed)?.[1]
}

/** The text that was sealed; undefined where none of the keys opens it in this context. */
export function unseal(keys: readonly SealingKey[], sealed: string, context: string): string | undefined {
  const id = sealedBy(sealed)
  const key = keys.find((known) => known.id === id)
  if (!key) return undefined
  const text = sealed.slice(`v1:${key.id}:`.length)
  const bytes = Buffer.from(text, 'base64url')
  // Another text may stand for the same bytes. It is not what was sealed.
  if (bytes.byteLength < nonceBytes + tagBytes || bytes.toString('base64url') !== text) return undefined
  const opening = createDecipheriv(cipher, key.bytes, bytes.subarray(0, nonceBytes))
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-tagBytes))
  try {
    return opening.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + opening.final('utf8')
  } catch {
    return undefined
  }
}
