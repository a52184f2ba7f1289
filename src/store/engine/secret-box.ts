import { randomBytes } from 'node:crypto'
import { PortolanError } from '../../domain/errors.ts'
import { nonceBytes, type SealingKey, seal, sealedBy, unseal } from '../../domain/sealing.ts'

/** A secret as a row keeps it: sealed, or as it is where the service has no key for that. */
export type KeptSecret = string | { readonly sealed: string }

/** Seals the secrets of rows, and opens them. `context` names the row and the field. */
export interface SecretBox {
  /** The id of the key that seals; undefined: secrets are kept as they are. */
  readonly keyId: string | undefined
  /** Whether there are keys for reading only. */
  readonly hasOldKeys: boolean
  knows(keyId: string): boolean
  seal(text: string, context: string): KeptSecret
  /** @throws PortolanError `wrong_secret_key` */
  open(kept: KeptSecret, context: string): string
  /** Whether a kept secret is as `seal` would keep it now. */
  isCurrent(kept: KeptSecret): boolean
}

/** A box with its keys, the one that seals first. Without a key it seals nothing. */
export function secretBox(keys: readonly SealingKey[]): SecretBox {
  const [current] = keys
  return {
    keyId: current?.id,
    hasOldKeys: keys.length > 1,
    knows: (keyId) => keys.some(({ id }) => id === keyId),
    seal: (text, context) => (current ? { sealed: seal(current, text, context, randomBytes(nonceBytes)) } : text),
    open(kept, context) {
      if (typeof kept === 'string') return kept
      const text = unseal(keys, kept.sealed, context)
      if (text === undefined) throw wrongKey(sealedBy(kept.sealed))
      return text
    },
    isCurrent: (kept) => (typeof kept === 'string' ? undefined : sealedBy(kept.sealed)) === current?.id
  }
}

/** The refusal where secrets were sealed with a key that the service does not have. */
export function wrongKey(keyId: string | undefined): PortolanError {
  return new PortolanError(
    'wrong_secret_key',
    `The secrets in the store were sealed with the key ${keyId ?? 'of another service'}, which is not among those of PORTOLAN_SECRET_KEY or in the file beside the database. Give the service that key; a new one goes in front of it.`
  )
}
