import type Database from 'better-sqlite3'
import { LRUCache } from 'lru-cache'

/** More than come again and again: texts with lists of many lengths push each other out. */
const most = 200

/** Statements of one connection, kept as they are prepared. */
export class Statements {
  readonly #client: Database.Database
  readonly #prepared = new LRUCache<string, Database.Statement>({ max: most })

  constructor(client: Database.Database) {
    this.#client = client
  }

  of(sql: string): Database.Statement {
    const known = this.#prepared.get(sql)
    if (known) return known
    const prepared = this.#client.prepare(sql)
    this.#prepared.set(sql, prepared)
    return prepared
  }
}
