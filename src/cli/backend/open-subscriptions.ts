import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { Egress, lookup } from '../../delivery/egress.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { Shell } from '../shell/shell.ts'
import { withCatalogues } from '../shell/store.ts'
import { openClient } from './open-backend.ts'
import { storeSubscriptions } from './store-subscriptions.ts'
import type { SubscriptionBackend } from './subscription-backend.ts'
import { urlSubscriptions } from './url-subscriptions.ts'

/** Runs a command on the subscriptions of the service that is named, or else of the configured store. */
export async function withSubscriptions(
  shell: Shell,
  command: Command,
  use: (subscriptions: SubscriptionBackend) => Promise<void>
): Promise<void> {
  const client = openClient(shell, command)
  if (client) return use(urlSubscriptions(client))
  const { egress: policy, host, port } = readConfig(shell.io.environment)
  // The addresses of a service that runs with the same settings, which receivers must not have.
  const listeners = (await lookup(host).catch(() => [])).map((address) => ({ address, port }))
  const receivers = new Egress({ policy, lookup, connectMs: 5000, listeners: () => listeners })
  return withCatalogues(shell, command, 'existing', (catalogues) =>
    use(storeSubscriptions({ ...catalogues, receivers })).catch(tellWhoJudged)
  )
}

/** @throws PortolanError always: it does not say by itself which process judged. */
function tellWhoJudged(error: unknown): never {
  if (!(error instanceof PortolanError) || error.code !== 'egress_refused') throw error
  const { code, message, faults, extra } = error
  throw new PortolanError(
    code,
    `${message} This shell judges by its own settings: give it PORTOLAN_ALLOW_HTTP, PORTOLAN_EGRESS_ALLOW and PORTOLAN_EGRESS_PORTS as the service has them, or ask the service with --url.`,
    { faults, extra }
  )
}
