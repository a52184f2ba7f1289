import pg from 'pg'
import { Turns } from './turns.ts'

/** The first number of the advisory locks: any that no other program uses in the same database. The second one is made of the name. */
const turnLock = 7_067_830
/** How long a turn is waited for, in milliseconds. */
const patienceMs = 30_000

/**
 * Runs what is asked for under one name one after the other, over all processes. Whoever waits holds a connection, so they are not those of
 * statements. The lock is one of a session: it needs a connection to PostgreSQL itself.
 */
export class PostgresTurns {
  readonly #local = new Turns()
  readonly #pool: pg.Pool

  constructor(url: string) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: 2,
      connectionTimeoutMillis: 5000,
      query_timeout: patienceMs,
      keepAlive: true
    })
    this.#pool.on('error', () => {})
    this.#pool.on('connect', (client) => client.on('error', () => {}))
  }

  take<T>(name: string, run: () => Promise<T>): Promise<T> {
    return this.#local.take(name, async () => {
      const leave = await this.#enter(name)
      try {
        return await run()
      } finally {
        leave()
      }
    })
  }

  close(): Promise<void> {
    return this.#pool.end()
  }

  /** Waits for the lock. Without it the work goes on all the same: it is only more likely that another one is faster. */
  async #enter(name: string): Promise<() => void> {
    let client: pg.PoolClient | undefined
    try {
      client = await this.#pool.connect()
      await client.query('select pg_advisory_lock($1, hashtext($2))', [turnLock, name])
    } catch {
      client?.release(true)
      return () => {}
    }
    const held = client
    return () =>
      void held.query('select pg_advisory_unlock($1, hashtext($2))', [turnLock, name]).then(
        () => held.release(),
        () => held.release(true)
      )
  }
}
