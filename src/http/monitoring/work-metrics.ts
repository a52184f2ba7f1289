import { Counter, Gauge, type Registry } from 'prom-client'
import { jobOutcomes, type WorkState } from '../../work/work.ts'

/** Metrics of the threads that make costly answers. */
export function workMetrics(registry: Registry, work: { readonly state: WorkState }): void {
  const registers = [registry]
  new Gauge({
    name: 'portolan_work_threads',
    help: 'Threads for costly answers that are there: they start when they are needed, and end when they are idle',
    registers,
    collect() {
      this.set(work.state.threads)
    }
  })
  new Gauge({
    name: 'portolan_work_running',
    help: 'Costly answers that are being made',
    registers,
    collect() {
      this.set(work.state.running)
    }
  })
  new Gauge({
    name: 'portolan_work_queued',
    help: 'Costly answers that wait for a thread',
    registers,
    collect() {
      this.set(work.state.queued)
    }
  })
  new Counter({
    name: 'portolan_work_waited_total',
    help: 'Costly answers that had to wait for a thread, whether or not they were made in the end',
    registers,
    collect() {
      this.reset()
      this.inc(work.state.waited)
    }
  })
  new Counter({
    name: 'portolan_work_total',
    help: 'Costly answers by what became of them: busy, the queue was full; deadline, they were not ready in time; abandoned, the client had gone',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset()
      for (const outcome of jobOutcomes) this.inc({ outcome }, work.state.counts[outcome])
    }
  })
}
