/**
 * The commands of PostgreSQL that back up a store and restore it, with the URL of its database but without its password: that belongs into
 * `PGPASSWORD` or `~/.pgpass`, and not into the list of processes.
 */
export function postgresCommands(url: string, file: string): { readonly backup: string; readonly restore: string } {
  const bare = new URL(url)
  bare.password = ''
  const [database, target] = [shellWord(bare.href), shellWord(file)]
  return {
    backup: `pg_dump --format=custom --no-owner --file=${target} ${database}`,
    restore: `pg_restore --clean --if-exists --no-owner --single-transaction --dbname=${database} ${target}`
  }
}

/** A text as one word of a shell. */
function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
