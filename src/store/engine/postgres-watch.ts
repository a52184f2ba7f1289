import { Socket } from 'node:net'
import pg from 'pg'
import { PortolanError } from '../../domain/errors.ts'
import type { Pulse } from './engine.ts'

/** How long the server may take to say how the store stands, connecting included, in milliseconds. */
const deadlineMs = 2000
/** The channel on which the server tells of commits. */
export const channel = 'portolan'

interface Link {
  readonly client: pg.Client
  readonly connected: Promise<unknown>
  cut(error?: Error): void
}

/**
 * A connection of its own that asks how the store stands, and hears of commits. One that gives no answer in time is thrown away, and the
 * next question begins afresh. `onLost` is called when that happens.
 */
export class PostgresWatch {
  readonly #url: string
  readonly #onLost: () => void
  #link: Link | undefined
  #wake: (() => void) | undefined
  #identity: string | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(url: string, onLost: () => void) {
    this.#url = url
    this.#onLost = onLost
  }

  /** Calls `wake` when a process has committed. Nothing is told while there is no connection. */
  listen(wake: () => void): void {
    this.#wake = wake
    // The connection that there may be does not listen yet.
    this.#drop(this.#link)
  }

  /** The version of the store and its clock. Questions are answered one after the other. */
  pulse(): Promise<Pulse> {
    const asked = this.#last.then(() => this.#ask())
    this.#last = asked.catch(() => {})
    return asked
  }

  close(): void {
    this.#drop(this.#link)
  }

  async #ask(): Promise<Pulse> {
    this.#link ??= this.#connect()
    const link = this.#link
    const late = setTimeout(
      () => link.cut(new PortolanError('not_ready', `The store gave no answer within ${deadlineMs / 1000} seconds.`)),
      deadlineMs
    )
    try {
      await link.connected
      const { rows } = await link.client.query<{ version: string | null; epoch: string | null; now: string }>(pulseText)
      const [row] = rows
      return { version: Number(row?.version ?? 0), now: Number(row?.now), ...(row?.epoch && { epoch: row.epoch }) }
    } catch (error) {
      this.#drop(link)
      this.#onLost()
      throw error
    } finally {
      clearTimeout(late)
    }
  }

  #connect(): Link {
    // A socket of our own can be destroyed at any time, also while the driver still connects.
    const socket = new Socket()
    const client = new pg.Client({ connectionString: this.#url, keepAlive: true, stream: () => socket })
    client.on('error', () => {})
    client.on('notification', () => this.#wake?.())
    const connected = client.connect().then(async () => {
      if (this.#wake) await client.query(`listen ${channel}`)
      await this.#recognize(client)
    })
    connected.catch(() => {})
    return { client, connected, cut: (error) => socket.destroy(error) }
  }

  /** What this process knows is of the database that it found first. It must not go on with another one that came in its place. */
  async #recognize(client: pg.Client): Promise<void> {
    const identity = await postgresIdentity(client)
    this.#identity ??= identity
    if (identity !== this.#identity)
      throw new PortolanError('not_ready', 'The database was replaced by another one: start this process again.')
  }

  #drop(link: Link | undefined): void {
    if (!link) return
    if (this.#link === link) this.#link = undefined
    link.cut()
  }
}

/** Without a row the store has no version yet, and the clock is told all the same. */
const pulseText =
  'select (select version from log) as version, (select epoch from log) as epoch, floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now'

const insufficientPrivilege = '42501'

/**
 * The cluster and the database in it: `CLUSTER/OID`. A streaming replica has both from its primary; what `pg_restore` fills, or is made of a
 * template, is another one. Undefined where the role may not ask for the cluster.
 */
export async function postgresIdentity(client: Pick<pg.Pool, 'query'>): Promise<string | undefined> {
  try {
    const { rows } = await client.query<{ cluster: string; oid: number }>(
      'select system_identifier::text as cluster, oid from pg_control_system(), pg_database where datname = current_database()'
    )
    return rows[0] && `${rows[0].cluster}/${rows[0].oid}`
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === insufficientPrivilege) return undefined
    throw error
  }
}
