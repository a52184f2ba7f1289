import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { PortolanError } from '../../domain/errors.ts'
import type { SealingKey } from '../../domain/sealing.ts'
import type { Engine } from '../engine/engine.ts'
import { releaseDatabase } from '../engine/sqlite-files.ts'
import { type Verified, verify } from '../integrity/verify.ts'
import { fillChecksums } from '../log/checksums.ts'
import { beginEpoch } from '../log/epoch.ts'
import { keysOf, withEngineOf } from '../open-engine.ts'
import { untold, type WorkProgress } from '../progress.ts'
import { putFile } from './put-file.ts'

/** What was verified, and the epoch that began. */
export interface Restored {
  readonly verified: Verified
  readonly epoch: string
}

/**
 * Puts a backup in the place of the SQLite file of a store. It is verified first, and gets a new epoch: whoever had read further is told so.
 * `keys`: those given for the secrets of the store, beside the file that lies there.
 * @throws PortolanError `wrong_state` where the file may not be replaced, or a process has it open; `store_damaged`, `wrong_schema`
 */
export async function restoreBackup(
  file: string,
  path: string,
  { keys, replaces }: { readonly keys: readonly SealingKey[]; readonly replaces: boolean },
  progress: WorkProgress = untold
): Promise<Restored> {
  if (!replaces && existsSync(path))
    throw new PortolanError('wrong_state', `There is a store at ${path} already: --overwrite replaces it.`)
  if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0)
    throw new PortolanError(
      'wrong_state',
      `${file} is the file of a store in use, and not a backup: take one with portolan backup.`
    )
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  let restored: Restored | undefined
  await putFile(
    path,
    async (draft) => {
      progress('copying')
      copyFileSync(file, draft)
      const known = keysOf(`sqlite:${path}`, keys)
      restored = await withEngineOf({ url: `sqlite:${draft}`, keys: known, migration: 'run' }, (engine) =>
        renew(engine, progress)
      )
    },
    () => {
      if (existsSync(path)) releaseDatabase(path)
    }
  )
  if (!restored) throw new Error('nothing was restored')
  return restored
}

/**
 * Verifies a store that was put back by the tools of its database, and begins a new epoch. No service may run on it.
 * @throws PortolanError `store_damaged`
 */
export async function renew(engine: Engine, progress: WorkProgress = untold): Promise<Restored> {
  // A backup of an older version has no checksums yet. Of this version, an event without one is damage.
  if (engine.schema.before < engine.schema.now) await fillChecksums(engine, progress)
  const verified = await verify(engine, progress)
  return { verified, epoch: await beginEpoch(engine) }
}
