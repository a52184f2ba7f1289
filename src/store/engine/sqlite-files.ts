import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { PortolanError } from '../../domain/errors.ts'
import { formatInstant, type Instant, parseInstant } from '../../domain/time/instant.ts'
import { untold, type WorkProgress } from '../progress.ts'

/** Pages that are copied at one go; between two the process does other things. */
const pagesAtOnce = 100

/**
 * Copies the database of a file into another file, as it is at one moment, while others go on writing. The copy is one file, without a
 * write-ahead log. @returns its number of pages
 */
export async function copyDatabase(from: string, to: string, progress: WorkProgress = untold): Promise<number> {
  const source = new Database(from, { readonly: true, timeout: 5000 })
  let pages: number
  try {
    // Without a transaction of its own the copying would begin again with each commit of others.
    source.exec('begin')
    source.prepare('select count(*) from sqlite_master').get()
    const copied = await source.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        progress('pages', totalPages - remainingPages, totalPages)
        return pagesAtOnce
      }
    })
    pages = copied.totalPages
  } finally {
    source.close()
  }
  const copy = new Database(to)
  try {
    copy.pragma('journal_mode = DELETE')
  } finally {
    copy.close()
  }
  return pages
}

/**
 * Removes the companions of a database file that is going to be replaced: with the new one they would be read as a part of it.
 * @throws PortolanError `wrong_state` where a process has the database open
 */
export function releaseDatabase(path: string): void {
  try {
    const client = new Database(path, { timeout: 0 })
    try {
      client.pragma('journal_mode = DELETE')
    } finally {
      client.close()
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^SQLITE_(BUSY|LOCKED)/.test(String(error.code)))
      throw new PortolanError('wrong_state', `A process has the store ${path} open: stop the service first.`)
    // A file that is damaged may be what the backup is for.
  }
  for (const file of [`${path}-wal`, `${path}-shm`, `${path}-journal`]) if (existsSync(file)) rmSync(file)
}

/** Notes beside a database file when it was last backed up. Whoever may look into the folder may read it: it tells nothing else. */
export function noteBackup(path: string, at: Instant): void {
  const note = backupNoteOf(path)
  const draft = `${note}.${process.pid}`
  writeFileSync(draft, `${formatInstant(at)}\n`)
  renameSync(draft, note)
}

/** When the last backup of a database file was noted; undefined: none was, or the note cannot be read. */
export function readBackupNote(path: string): Instant | undefined {
  try {
    const parsed = parseInstant(readFileSync(backupNoteOf(path), 'utf8').trim())
    return 'instant' in parsed ? parsed.instant : undefined
  } catch {
    return undefined
  }
}

function backupNoteOf(path: string): string {
  return `${path}.backed-up`
}
