import { Gauge, type Registry } from 'prom-client'
import type { Catalogues } from '../../catalogue/catalogues.ts'

/** The age of the last backup. A store that other tools back up, and one in memory, has none. */
export function backupMetrics(registry: Registry, { store, now }: Pick<Catalogues, 'store' | 'now'>): void {
  const gauge = new Gauge({
    name: 'portolan_backup_age_seconds',
    help: 'How long ago portolan backup last succeeded for this store; +Inf: never. PostgreSQL has its own tools, and no value here',
    registers: [registry],
    collect() {
      if (!store.backedUpAt) return
      const at = store.backedUpAt()
      this.set(at === undefined ? Number.POSITIVE_INFINITY : Math.max(0, now() - at) / 1000)
    }
  })
  // Without a value the metric is named, and no age is told.
  gauge.remove()
}
