import { freePort } from '../../support/free-port.ts'
import { type Service, startService } from '../../support/service.ts'

export interface Replicas {
  readonly ports: readonly number[]
  /** Each in turn is told to stop, and started again when it has. Its exit codes. */
  restartInTurn(): Promise<readonly (number | null)[]>
}

interface Test {
  teardown(close: () => unknown): void
}

/** Two services on one store, as processes, which end with the test. A proxy of this machine speaks for their clients. */
export async function startReplicas(t: Test, databaseUrl: string): Promise<Replicas> {
  const ports = [await freePort(), await freePort()]
  const start = (port: number) =>
    startService({
      PORTOLAN_DATABASE_URL: databaseUrl,
      PORTOLAN_PORT: String(port),
      PORTOLAN_TRUST_PROXY: '127.0.0.0/8',
      PORTOLAN_LOG_LEVEL: 'error'
    })
  const services: Service[] = await Promise.all(ports.map(start))
  t.teardown(() => Promise.all(services.map((service) => service.stop())))
  return {
    ports,
    async restartInTurn() {
      const codes: (number | null)[] = []
      for (const [index, port] of ports.entries()) {
        codes.push((await services[index]?.stop()) ?? null)
        services[index] = await start(port)
      }
      return codes
    }
  }
}
