import { existsSync } from 'node:fs'
import { PortolanError } from '../../domain/errors.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { copyDatabase, noteBackup } from '../engine/sqlite-files.ts'
import { untold, type WorkProgress } from '../progress.ts'
import { putFile } from './put-file.ts'

/**
 * Backs up the SQLite file of a store while the service goes on. The backup is one file that only its owner may read, and it is on the disk
 * when this resolves. @returns its size in bytes
 * @throws PortolanError `wrong_state` where the file exists and may not be replaced
 */
export async function backUp(
  path: string,
  file: string,
  { replaces }: { readonly replaces: boolean },
  progress: WorkProgress = untold
): Promise<number> {
  if (!replaces) refuseExisting(file)
  return putFile(file, (draft) => copyDatabase(path, draft, progress).then(() => {}))
}

/** Notes beside a store when it was backed up. False where that cannot be: whoever backs up may be somebody who may only read the store. */
export function recordBackup(path: string, at: Instant): boolean {
  try {
    noteBackup(path, at)
    return true
  } catch {
    return false
  }
}

function refuseExisting(file: string): void {
  if (existsSync(file)) throw new PortolanError('wrong_state', `${file} exists already: --overwrite replaces it.`)
}
