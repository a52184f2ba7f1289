import { Counter, Gauge, type Registry } from 'prom-client'
import type { Store } from '../../store/store.ts'

/** Metrics of the connections to PostgreSQL. SQLite has none. */
export function databaseMetrics(registry: Registry, { connections }: Pick<Store, 'connections'>): void {
  if (!connections) return
  const registers = [registry]
  new Gauge({
    name: 'portolan_database_connections',
    help: 'Connections to the database by state; waiting: statements that wait for one',
    labelNames: ['state'],
    registers,
    collect() {
      const { total, idle, waiting } = connections
      this.set({ state: 'used' }, total - idle)
      this.set({ state: 'idle' }, idle)
      this.set({ state: 'waiting' }, waiting)
    }
  })
  new Counter({
    name: 'portolan_database_retries_total',
    help: 'Transactions that were tried again, since the database gave them up for others: deadlocks and conflicts',
    registers,
    collect() {
      this.reset()
      this.inc(connections.retries)
    }
  })
}
