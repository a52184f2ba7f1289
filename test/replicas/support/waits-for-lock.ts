import pg from 'pg'

/** Whether a connection to the database waits for a lock that another one holds. */
export async function waitsForLock(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    )
    return rows.length > 0
  } finally {
    await client.end()
  }
}
