import { Counter, Gauge, type Registry } from 'prom-client'
import type { RateLimit } from '../limit/rate-limit.ts'
import type { Shares } from '../limit/shares.ts'

const holders = ['key', 'address'] as const

/** Metrics of what bounds clients: units and shares. */
export function limitMetrics(registry: Registry, shares: Shares, rateLimit: RateLimit | undefined): void {
  const registers = [registry]
  new Gauge({
    name: 'portolan_shares',
    help: 'Streams, long polls and WebSockets that are open, by who holds them',
    labelNames: ['holder'],
    registers,
    collect() {
      for (const holder of holders) this.set({ holder }, shares.counts.held[holder])
    }
  })
  new Counter({
    name: 'portolan_shares_refused_total',
    help: 'Streams, long polls and WebSockets that were refused, since their client or the service had as many as it may',
    labelNames: ['holder'],
    registers,
    collect() {
      this.reset()
      for (const holder of holders) this.inc({ holder }, shares.counts.refused[holder])
    }
  })
  if (!rateLimit) return
  const { counts } = rateLimit
  new Counter({
    name: 'portolan_rate_limited_total',
    help: 'Requests and operations that were refused since their key or address had too few units',
    labelNames: ['holder'],
    registers,
    collect() {
      this.reset()
      for (const holder of holders) this.inc({ holder }, counts.refused[holder])
    }
  })
  new Gauge({
    name: 'portolan_rate_units',
    help: 'Units that clients have paid since the start, less those that were given back',
    registers,
    collect() {
      this.set(counts.units)
    }
  })
  new Gauge({
    name: 'portolan_rate_payers',
    help: 'Keys and addresses whose units are remembered',
    registers,
    collect() {
      this.set(rateLimit.payers)
    }
  })
}
