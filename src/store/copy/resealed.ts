import type { SecretBox } from '../engine/secret-box.ts'
import type { Tables } from '../engine/tables.ts'
import { sealSigningKey } from '../webhook/signing-key.ts'
import { sealSubscription } from '../webhook/subscription-secret.ts'

/** A subscription as another store keeps it: its secrets sealed with the key there, and nobody sends for it. */
export function copiedSubscription(
  secrets: SecretBox,
  row: Tables['subscriptions']['$inferSelect']
): Tables['subscriptions']['$inferSelect'] {
  return { ...row, ...sealSubscription(secrets, row), leaseUntil: 0, holder: null }
}

/** A key that signs webhooks, sealed with the key of another store. */
export function copiedSigningKey(
  secrets: SecretBox,
  row: Tables['signingKeys']['$inferSelect']
): Tables['signingKeys']['$inferSelect'] {
  const privateKey = sealSigningKey(secrets, row)
  return privateKey === undefined ? row : { ...row, privateKey }
}
