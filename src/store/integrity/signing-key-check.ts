import { isPair, type SigningKey } from '../../domain/webhook/webhook-signature.ts'
import type { Reads } from '../engine/engine.ts'
import type { SecretBox } from '../engine/secret-box.ts'
import { sealingKeyId } from '../sealing.ts'
import { openSigningKey } from '../webhook/signing-key.ts'
import { damage } from './damage.ts'
import { strictRows } from './strict-rows.ts'

/**
 * Checks that both halves of each key that signs webhooks belong together. @returns how many were checked; undefined: they are sealed, and
 * nobody gave the key
 * @throws PortolanError `store_damaged`
 */
export async function checkSigningKeys(reads: Reads, secrets: SecretBox): Promise<number | undefined> {
  const rows: readonly SigningKey[] = await strictRows(reads, reads.tables.signingKeys, {})
  const known = await sealingKeyId(reads)
  if (known !== undefined && !secrets.knows(known)) return undefined
  for (const row of rows)
    if (!isAsMade(secrets, row)) throw damage(`The key ${row.id}, which signs webhooks, is not as it was made.`)
  return rows.length
}

function isAsMade(secrets: SecretBox, row: SigningKey): boolean {
  try {
    return isPair(openSigningKey(secrets, row))
  } catch {
    // What the key of this store does not open was altered.
    return false
  }
}
