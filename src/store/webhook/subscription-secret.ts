import type { SubscriptionDefinition } from '../../domain/webhook/subscription.ts'
import type { Secret } from '../../domain/webhook/webhook-secret.ts'
import type { KeptSecret, SecretBox } from '../engine/secret-box.ts'
import type { KeptDefinition, KeptSecrets } from '../engine/table/webhook-tables.ts'

const secretOf = (id: string) => `subscriptions/${id}/secret`
const headerOf = (id: string, name: string) => `subscriptions/${id}/headers/${name}`

/** A definition as its row keeps it: the values of header fields often are secrets of the receiver. */
export function keepDefinition(box: SecretBox, id: string, definition: SubscriptionDefinition): KeptDefinition {
  return { ...definition, headers: mapValues(definition.headers, (value, name) => box.seal(value, headerOf(id, name))) }
}

export function keepSecrets(box: SecretBox, id: string, secrets: readonly Secret[]): KeptSecrets {
  return secrets.map((secret) => ({ ...secret, text: box.seal(secret.text, secretOf(id)) }))
}

/** @throws PortolanError `wrong_secret_key` */
export function openHeaders(
  box: SecretBox,
  id: string,
  { headers }: KeptDefinition
): SubscriptionDefinition['headers'] {
  return mapValues(headers, (kept, name) => box.open(kept, headerOf(id, name)))
}

/** @throws PortolanError `wrong_secret_key` */
export function openSecrets(box: SecretBox, id: string, secrets: KeptSecrets): readonly Secret[] {
  return secrets.map((secret) => ({ ...secret, text: box.open(secret.text, secretOf(id)) }))
}

interface KeptRow {
  readonly id: string
  readonly definition: KeptDefinition
  readonly secrets: KeptSecrets
}

/** The columns of a row, sealed with the current key; undefined where they are already. */
export function sealSubscription(box: SecretBox, row: KeptRow): Omit<KeptRow, 'id'> | undefined {
  const { id, definition, secrets } = row
  const kept: readonly KeptSecret[] = [...Object.values(definition.headers), ...secrets.map(({ text }) => text)]
  if (kept.every((each) => box.isCurrent(each))) return undefined
  const opened = { ...definition, headers: openHeaders(box, id, definition) }
  return {
    definition: keepDefinition(box, id, opened),
    secrets: keepSecrets(box, id, openSecrets(box, id, secrets))
  }
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, name: string) => To
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]))
}
