import pg from 'pg'

/** A statement that runs longer has a server that hangs, or none. In milliseconds; the server itself gives up a little sooner. */
const statementMs = 35_000
/** How long a stop waits for connections to end. */
const closeMs = 1000

/** The connections on which statements run. */
export interface PostgresPool {
  readonly pool: pg.Pool
  /** Throws the connections away that nobody uses. For when the way to the server was lost: theirs may be lost as well. */
  dropIdle(): void
  close(): Promise<void>
}

/** `max`: how many connections there are at most. */
export function openPool(url: string, max: number): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 5000,
    // Long enough for a writer that waits for those before it, and an end to waiting for a server that hangs.
    statement_timeout: 30_000,
    // A connection that is dead never tells of the server's own limit.
    query_timeout: statementMs,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true
  })
  const all = new Set<pg.PoolClient>()
  const idle = new Set<pg.PoolClient>()
  // A connection that breaks is replaced, and its query fails. Without listeners its error would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => {
    client.on('error', () => {})
    all.add(client)
  })
  pool.on('acquire', (client) => idle.delete(client))
  pool.on('release', (_error, client) => idle.add(client))
  pool.on('remove', (client) => {
    all.delete(client)
    idle.delete(client)
  })
  return {
    pool,
    dropIdle: () => cut(idle),
    async close() {
      // A connection whose other end is gone would never end.
      const late = setTimeout(() => cut(all), closeMs)
      await pool.end()
      clearTimeout(late)
    }
  }
}

function cut(clients: Iterable<pg.PoolClient>): void {
  for (const client of [...clients]) socketOf(client).destroy()
}

/** The socket under a client. The types of the driver do not name it. */
function socketOf(client: pg.PoolClient): pg.Connection['stream'] {
  return (client as unknown as { readonly connection: pg.Connection }).connection.stream
}

/** Whether a connection may still be used after a failure on it. */
export function isLateAnswer(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout'
}
