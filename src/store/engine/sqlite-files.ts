import { existsSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { PortolanError } from '../../domain/errors.ts'
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
