import { Gauge, type Registry } from 'prom-client'
import type { Freshness } from '../../catalogue/freshness.ts'

/** Metrics of how fresh what this process knows is, and how right its clock. */
export function freshnessMetrics(registry: Registry, freshness: Freshness): void {
  const registers = [registry]
  new Gauge({
    name: 'portolan_heads_age_seconds',
    help: 'How long ago the store last confirmed what this process knows; above 5 it is not ready, and +Inf before it was read',
    registers,
    collect() {
      this.set(freshness.ageMs / 1000)
    }
  })
  new Gauge({
    name: 'portolan_clock_ahead_seconds',
    help: 'How far the clock of this process is ahead of that of its store; beyond 5 in either direction it is not ready',
    registers,
    collect() {
      this.set(freshness.clockAheadMs / 1000)
    }
  })
}
