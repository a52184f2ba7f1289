import type Database from 'better-sqlite3'
import { LRUCache } from 'lru-cache'

/** How many statements are kept: more than the texts that come again and again, since lists of many lengths make many texts. */
const most = 200

/** The prepared statements of one connection. */
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
