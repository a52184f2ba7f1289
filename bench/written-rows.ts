import Database from 'better-sqlite3'

export interface RowCount {
  /** The rows that the revision with this number wrote since the count. */
  since(number: number): { readonly inserted: number; readonly closed: number }
}

/** Counts the rows of all tables of a store, over a connection of its own. */
export function rowCount(folder: string): RowCount {
  const client = new Database(`${folder}/portolan.db`, { readonly: true })
  const single = (sql: string) => Number(client.prepare(sql).pluck().get())
  const tables = client.prepare(`select name from sqlite_master where type = 'table'`).pluck().all().map(String)
  const all = () => tables.reduce((sum, table) => sum + single(`select count(*) from "${table}"`), 0)
  const before = all()
  return {
    since(number) {
      const ended = (table: string) => single(`select count(*) from ${table} where until = ${number}`)
      const counted = { inserted: all() - before, closed: ended('endpoints') + ended('requirements') }
      client.close()
      return counted
    }
  }
}
