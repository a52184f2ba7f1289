import type { Pool, PoolClient } from 'pg'

/** Runs what is asked for under one name one after the other. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  take<T>(name: string, run: () => Promise<T>): Promise<T> {
    const mine = (this.#last.get(name) ?? Promise.resolve()).then(run)
    const done = mine.catch(() => {})
    this.#last.set(name, done)
    void done.then(() => {
      if (this.#last.get(name) === done) this.#last.delete(name)
    })
    return mine
  }
}

/** The connections on which turns are waited for. */
interface TurnConnections {
  readonly pool: Pick<Pool, 'connect'>
  close(): Promise<void>
}

/** The first number of the advisory locks: any that no other program uses in the same database. The second one is made of the name. */
const turnLock = 7_067_830

/**
 * The same over all processes. Whoever waits holds a connection, so they are not those of statements. The lock is one of a session: it needs
 * a connection to PostgreSQL itself.
 */
export class PostgresTurns {
  readonly #local = new Turns()
  readonly #connections: TurnConnections

  constructor(connections: TurnConnections) {
    this.#connections = connections
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
    return this.#connections.close()
  }

  /** Waits for the lock. Without it the work goes on all the same: it is only more likely that another one is faster. */
  async #enter(name: string): Promise<() => void> {
    let client: PoolClient | undefined
    try {
      client = await this.#connections.pool.connect()
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
