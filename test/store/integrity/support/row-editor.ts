import Database from 'better-sqlite3'
import pg from 'pg'

/** A value of a column as SQL has it. JSON is text. */
export type Cell = string | number | boolean | Buffer | null

/** One column of one row, which somebody edits by hand. */
export interface Place {
  readonly table: string
  readonly column: string
  /** The row, in the words of the database. */
  readonly row: string
}

/** Edits rows by SQL, as somebody does who knows the database and not the program: no key of another table stops them. */
export interface RowEditor {
  places(table: string): Promise<readonly Place[]>
  read(place: Place): Promise<Cell>
  /** Undefined where the database itself refuses the value, else the place of the row as it is then. */
  write(place: Place, value: Cell): Promise<Place | undefined>
  close(): Promise<void>
}

export async function rowEditor(url: string): Promise<RowEditor> {
  return url.startsWith('sqlite:') ? sqliteEditor(url.slice('sqlite:'.length)) : postgresEditor(url)
}

/** Tables whose key is one number, which is their rowid. */
const keys: Readonly<Record<string, string>> = { log: 'id', catalogues: 'id', sites: 'id', events: 'seq' }

function sqliteEditor(path: string): RowEditor {
  const client = new Database(path)
  client.pragma('foreign_keys = OFF')
  return {
    async places(table) {
      const columns = client.prepare(`select name from pragma_table_info('${table}')`).pluck().all()
      const rows = client.prepare(`select rowid from ${table} order by rowid`).pluck().all()
      return rows.flatMap((row) => columns.map((column) => ({ table, column: String(column), row: String(row) })))
    },
    read: async ({ table, column, row }) =>
      // SQLite has no other types of values.
      client.prepare(`select "${column}" from ${table} where rowid = ?`).pluck().get(row) as Cell,
    async write(place, value) {
      const { table, column, row } = place
      try {
        client.prepare(`update ${table} set "${column}" = ? where rowid = ?`).run(value, row)
      } catch {
        return undefined
      }
      // The rowid of a table with a key of one number is that number.
      return keys[table] === column ? { ...place, row: String(value) } : place
    },
    close: async () => void client.close()
  }
}

async function postgresEditor(url: string): Promise<RowEditor> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('set session_replication_role = replica')
  return {
    async places(table) {
      const columns = await client.query<{ name: string }>(
        'select column_name as name from information_schema.columns where table_name = $1 order by ordinal_position',
        [table]
      )
      const rows = await client.query<{ row: string }>(
        `select ctid::text as row from ${table} each order by each::text`
      )
      return rows.rows.flatMap(({ row }) => columns.rows.map(({ name }) => ({ table, column: name, row })))
    },
    async read({ table, column, row }) {
      const { rows } = await client.query<{ value: unknown; type: string }>(
        `select "${column}" as value, pg_typeof("${column}")::text as type, "${column}"::text as text from ${table} where ctid = $1`,
        [row]
      )
      const [found] = rows as { readonly value: Cell; readonly type: string; readonly text: string }[]
      if (!found || found.value === null) return null
      return found.type === 'json' ? found.text : found.type === 'bigint' ? Number(found.text) : found.value
    },
    async write(place, value) {
      const { table, column, row } = place
      try {
        const written = await client.query<{ row: string }>(
          `update ${table} set "${column}" = $1 where ctid = $2 returning ctid::text as row`,
          [value, row]
        )
        const [found] = written.rows
        return found && { ...place, row: found.row }
      } catch {
        return undefined
      }
    },
    close: () => client.end()
  }
}
