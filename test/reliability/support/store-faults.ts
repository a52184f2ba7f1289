import pg from 'pg'
import type { Relay } from '../../replicas/support/relay.ts'
import type { OwnPostgres } from '../../support/postgres.ts'

/** Something that happens to PostgreSQL or to the way to it. */
export interface StoreFault {
  readonly name: string
  /**
   * What the readiness of two processes, the second of which goes by the relay, must say: that it is lost, after a while, or that it is not.
   * `brief`: it may say either, for so short a time.
   */
  readonly readiness: readonly [Told, Told]
  /** How long it lasts at least, in milliseconds: longer than readiness trusts what was confirmed. */
  readonly holdMs?: number
  begin(): Promise<void>
  end(): Promise<void>
}

type Told = 'lost' | 'ready' | 'brief'

export interface HurtStore {
  readonly server: OwnPostgres
  readonly url: string
  readonly relay: Relay
}

export function storeFaults({ server, url, relay }: HurtStore): readonly StoreFault[] {
  return [
    {
      name: 'the row of the log is locked',
      readiness: ['ready', 'ready'],
      ...held(url, 'select * from log for update')
    },
    { name: 'the log is locked', readiness: ['lost', 'lost'], ...held(url, 'lock table log in access exclusive mode') },
    {
      name: 'PostgreSQL is frozen',
      readiness: ['lost', 'lost'],
      begin: async () => server.freeze(),
      end: async () => server.thaw()
    },
    {
      name: 'PostgreSQL is restarted',
      readiness: ['brief', 'brief'],
      begin: () => server.restart(),
      end: async () => {}
    },
    {
      name: 'the way of one is silent',
      readiness: ['ready', 'lost'],
      begin: async () => relay.silence(),
      end: async () => relay.heal()
    },
    { name: 'all connections are taken', readiness: ['lost', 'lost'], ...taken(url) }
  ]
}

/** A lock that somebody holds in a transaction. */
function held(url: string, lock: string): Pick<StoreFault, 'begin' | 'end'> {
  let client: pg.Client | undefined
  return {
    async begin() {
      client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query('begin')
      await client.query(lock)
    },
    end: async () => client?.end()
  }
}

/** Takes all connections that the server has, those of others as well. */
function taken(url: string): Pick<StoreFault, 'begin' | 'end'> {
  const clients: pg.Client[] = []
  let isOver = false
  let taking: Promise<void> | undefined
  const take = async () => {
    const client = new pg.Client({ connectionString: url, application_name: 'taker' })
    client.on('error', () => {})
    await client.connect()
    clients.push(client)
  }
  const others =
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name <> 'taker'"
  return {
    async begin() {
      isOver = false
      await take()
      taking = (async () => {
        while (!isOver) {
          // Somebody else may be sooner where one becomes free, so this goes on.
          while (
            await take().then(
              () => !isOver,
              () => false
            )
          );
          await clients[0]?.query(others)
        }
      })()
    },
    async end() {
      isOver = true
      await taking
      await Promise.all(clients.splice(0).map((client) => client.end()))
    }
  }
}
