import type { Logger } from 'pino'
import type { Catalogues } from './catalogue/catalogues.ts'
import type { Config } from './config/config.ts'
import { Deliveries } from './delivery/deliveries.ts'
import { Egress, lookup } from './delivery/egress.ts'
import { Receivers } from './delivery/receivers.ts'
import type { Listener } from './domain/webhook/listener.ts'

/** Where the service listens, once it does. */
export interface ServicePlace {
  /** The base of links. */
  readonly base: string
  readonly listeners: readonly Listener[]
}

interface DeliveriesContext {
  readonly catalogues: Catalogues
  readonly place: () => ServicePlace
  readonly log: Logger
}

/** The guard of connections to receivers, as it is configured. */
export function openEgress({ egress }: Pick<Config, 'egress'>, place: () => ServicePlace): Egress {
  const { proxy } = egress
  return new Egress({
    policy: egress,
    lookup,
    connectMs: 5000,
    listeners: () => place().listeners,
    ...(proxy !== undefined && { proxy })
  })
}

/** Deliveries over the network, as they are configured. They are not started. */
export function openDeliveries(
  config: Pick<Config, 'egress' | 'deliveryRate'>,
  { catalogues, place, log }: DeliveriesContext
): Deliveries {
  return new Deliveries({
    catalogues,
    transport: new Receivers({ egress: openEgress(config, place), deadlineMs: 20_000 }),
    base: () => place().base,
    chance: Math.random,
    rate: config.deliveryRate,
    log
  })
}
