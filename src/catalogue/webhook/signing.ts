import { newSigningKey, type SigningKey } from '../../domain/webhook/webhook-signature.ts'
import type { Catalogues } from '../catalogues.ts'

/** The Ed25519 key of the store. The first process that needs it makes it. */
export async function signingKeyOf({
  store,
  now,
  random
}: Pick<Catalogues, 'store' | 'now' | 'random'>): Promise<SigningKey> {
  const [known] = await store.subscriptions.signingKeys()
  return known ?? store.subscriptions.addSigningKey(newSigningKey(random(38), now()))
}
