import type { SubscriptionInput, SubscriptionPatch } from '../../domain/webhook/subscription-input.ts'
import type { deadLetterJson, deliveryJson, subscriptionJson } from '../../render/webhook/subscription-json.ts'

export const subscriptionActions = ['ping', 'activate', 'pause', 'resume'] as const
export type SubscriptionAction = (typeof subscriptionActions)[number]

export type SubscriptionJson = ReturnType<typeof subscriptionJson>
/** The secret is told once. */
type SubscriptionWithSecret = SubscriptionJson & { readonly secret: string }

/**
 * What commands ask of subscriptions, in the form in which REST answers it. A service judges by the key that asks and by its own settings for
 * receivers. Whoever opens the store is an operator and sees all subscriptions; receivers are then judged by the settings of the shell.
 */
export interface SubscriptionBackend {
  /** Oldest first. */
  list(): Promise<readonly SubscriptionJson[]>
  get(id: string): Promise<SubscriptionJson>
  /** `owner` is the id of a key. */
  create(input: SubscriptionInput, owner: string | undefined): Promise<SubscriptionWithSecret>
  change(id: string, patch: SubscriptionPatch): Promise<SubscriptionJson>
  delete(id: string): Promise<void>
  act(id: string, action: SubscriptionAction): Promise<SubscriptionJson>
  /** Without a secret, a new one is made. */
  rotateSecret(id: string, secret: string | undefined): Promise<SubscriptionWithSecret>
  replay(id: string, range: { readonly fromSeq: number; readonly toSeq?: number }): Promise<SubscriptionJson>
  /** The newest, first. */
  deliveries(id: string, limit: number): Promise<readonly ReturnType<typeof deliveryJson>[]>
  deadLetters(id: string): Promise<readonly ReturnType<typeof deadLetterJson>[]>
  /** Absent seqs: all of them. @returns how many events will be sent */
  redrive(id: string, seqs: readonly number[] | undefined): Promise<number>
}
