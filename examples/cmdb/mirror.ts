/**
 * A CMDB in one SQLite file that stays in step with Portolan and proves it.
 *
 *     node --import=tsx examples/cmdb/mirror.ts http://127.0.0.1:8080 mirror.db            one round
 *     node --import=tsx examples/cmdb/mirror.ts http://127.0.0.1:8080 mirror.db --follow   one round, and then each change
 */
import { createHash } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'

interface Upsert {
  readonly op: 'upsert'
  readonly type: string
  readonly id: string
  readonly key: string
  readonly data: { readonly catalogue?: { readonly id: string }; readonly requirement?: { readonly id: string } }
}
interface Deletion {
  readonly op: 'delete'
  readonly type: string
  readonly id: string
  readonly key: string
  readonly tombstone: { readonly reason: string; readonly at: string; readonly replacedBy?: readonly string[] }
}
interface Page {
  readonly items: readonly (Upsert | Deletion)[]
  readonly page: { readonly next: string | null; readonly cursor: string | null }
  readonly count?: number
  readonly digest?: string
}

export interface Round {
  readonly upserts: number
  readonly deletions: number
  /** Whether count and digest of the copy are those of the service. */
  readonly isProven: boolean
}

export class Mirror {
  readonly #db: Database.Database
  readonly #base: string
  readonly #query: string

  /** `query`: parameters that select what is mirrored, such as `catalogue=…&kind=address`. */
  constructor(base: string, file: string, query = '') {
    this.#base = base
    this.#query = query
    this.#db = new Database(file)
    this.#db.pragma('foreign_keys = ON')
    this.#db.exec(`
      create table if not exists objects (
        id text primary key, type text not null, key text not null, parent text references objects (id), data text not null
      );
      create index if not exists objects_parent on objects (parent);
      create table if not exists cursor (one integer primary key check (one = 1), text text not null);`)
  }

  /** One round as one transaction: readers of the copy never see half of it, and an interrupted round leaves no trace. */
  async round(waitSeconds = 0): Promise<Round> {
    const entries: (Upsert | Deletion)[] = []
    const known = this.cursor()
    let url = this.#url(known)
    for (;;) {
      const answer = await fetch(url, { headers: waitSeconds > 0 ? { prefer: `wait=${waitSeconds}` } : {} })
      if (answer.status === 410) {
        // The store was replaced: begin again.
        this.#db.exec('delete from cursor')
        return this.round(waitSeconds)
      }
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
      // The OpenAPI document describes this body.
      const page = (await answer.json()) as Page
      entries.push(...page.items)
      if (page.page.cursor !== null) return this.#finish(entries, known === undefined, page)
      url = page.page.next ?? ''
    }
  }

  #url(cursor: string | undefined): string {
    const parameters = new URLSearchParams(this.#query)
    parameters.set('limit', '1000')
    if (cursor !== undefined) parameters.set('cursor', cursor)
    return `${this.#base}/v1/delta?${parameters}`
  }

  #finish(entries: readonly (Upsert | Deletion)[], isBaseline: boolean, { page, count, digest }: Page): Round {
    const put = this.#db.prepare(
      `insert into objects values (?, ?, ?, ?, ?)
       on conflict (id) do update set type = excluded.type, key = excluded.key, parent = excluded.parent, data = excluded.data`
    )
    const remove = this.#db.prepare('delete from objects where id = ?')
    let isProven = false
    this.#db.transaction(() => {
      // A baseline does not name what was deleted.
      if (isBaseline)
        for (const type of ['endpoint', 'requirement', 'catalogue'])
          this.#db.prepare('delete from objects where type = ?').run(type)
      for (const entry of entries) {
        if (entry.op === 'delete') remove.run(entry.id)
        else put.run(entry.id, entry.type, entry.key, parentOf(entry), JSON.stringify(entry.data))
      }
      isProven = this.count() === count && this.digest() === digest
      // If the copy differs, the next round begins again with a baseline.
      if (isProven) this.#db.prepare('insert or replace into cursor values (1, ?)').run(page.cursor)
      else this.#db.exec('delete from cursor')
    })()
    const upserts = entries.filter(({ op }) => op === 'upsert').length
    return { upserts, deletions: entries.length - upserts, isProven }
  }

  cursor(): string | undefined {
    const found = this.#db.prepare('select text from cursor').pluck().get()
    return typeof found === 'string' ? found : undefined
  }

  count(): number {
    return Number(this.#db.prepare('select count(*) from objects').pluck().get())
  }

  /** SHA-256 over the lines `type SP id SP sha256(canonical data) LF`, sorted by type and id. */
  digest(): string {
    const hash = createHash('sha256')
    const rows = this.#db.prepare('select type, id, data from objects order by type, id').raw().iterate()
    // The query has three columns of text.
    for (const [type, id, data] of rows as IterableIterator<[string, string, string]>)
      hash.update(`${type} ${id} ${sha256(canonical(JSON.parse(data)))}\n`)
    return `sha256:${hash.digest('hex')}`
  }

  close(): void {
    this.#db.close()
  }
}

function parentOf({ type, data }: Upsert): string | null {
  if (type === 'endpoint') return data.requirement?.id ?? null
  return type === 'requirement' ? (data.catalogue?.id ?? null) : null
}

/** RFC 8785 for the values that occur here: texts, whole numbers, booleans, lists and objects. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function main([base = 'http://127.0.0.1:8080', file = 'mirror.db', follow]: readonly string[]): Promise<void> {
  const mirror = new Mirror(base, file)
  do {
    const { upserts, deletions, isProven } = await mirror.round(follow === '--follow' ? 30 : 0)
    const proof = isProven ? `proven by ${mirror.digest()}` : 'NOT PROVEN: it is read anew the next time'
    process.stdout.write(`${upserts} upserts, ${deletions} deletions, ${mirror.count()} objects, ${proof}\n`)
    if (!isProven) process.exitCode = 1
  } while (follow === '--follow')
  mirror.close()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2))
