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
      const { rows } = await link.client.query<{ version: string; now: string }>(pulseText)
      return { version: Number(rows[0]?.version ?? 0), now: Number(rows[0]?.now) }
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
    const connected = client.connect().then(() => this.#wake && client.query(`listen ${channel}`))
    connected.catch(() => {})
    return { client, connected, cut: (error) => socket.destroy(error) }
  }

  #drop(link: Link | undefined): void {
    if (!link) return
    if (this.#link === link) this.#link = undefined
    link.cut()
  }
}

/** Without a row the store has no version yet, and the clock is told all the same. */
const pulseText =
  'select (select version from log) as version, floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now'
