import type { Command } from 'commander'
import type { SubscriptionContext } from '../../catalogue/webhook/subscriptions.ts'
import { readConfig } from '../../config/config.ts'
import { Egress, lookup } from '../../delivery/egress.ts'
import type { Subscription } from '../../domain/webhook/subscription.ts'
import { subscriptionJson } from '../../render/webhook/subscription-json.ts'
import type { Shell } from './shell.ts'
import { withCatalogues } from './store.ts'

/** The argument of commands on one subscription. */
export const subscriptionIdArgument = ['<id>', 'id of the subscription, from subscriptions list'] as const

/** Runs a use case of subscriptions on the configured store. @throws PortolanError `not_ready` if the store cannot be opened */
export async function withSubscriptions(
  shell: Shell,
  command: Command,
  use: (context: SubscriptionContext) => Promise<void>
): Promise<void> {
  const { egress: policy, host, port } = readConfig(shell.io.environment)
  // The addresses of a service that runs with the same settings, which receivers must not have.
  const listeners = (await lookup(host).catch(() => [])).map((address) => ({ address, port }))
  const receivers = new Egress({ policy, lookup, connectMs: 5000, listeners: () => listeners })
  return withCatalogues(shell, command, 'existing', (catalogues) => use({ ...catalogues, receivers }))
}

export function printSubscription(
  shell: Shell,
  { now }: SubscriptionContext,
  subscription: Subscription,
  json: boolean | undefined
): void {
  const shown = subscriptionJson(subscription, now())
  if (json) shell.printJson(shown)
  else
    shell.printTable(
      ['field', 'value'],
      Object.entries(shown).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])
    )
}
