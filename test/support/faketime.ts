import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The library of Debian's package `faketime`. */
const library = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64']
  .map((folder) => `${folder}/faketime/libfaketimeMT.so.1`)
  .find(existsSync)

/** Why a test of the wall clock cannot run here; false where it can. */
export const noFaketime = library === undefined && 'the library of the package faketime is not on this machine'

/** A wall clock of its own for another process: it goes, and it can be set. */
export interface FakeClock {
  /** What that process is started with. */
  readonly environment: Readonly<Record<string, string>>
  now(): number
  set(instant: number): void
}

/** The clock is told to the process by a file in a folder. Its monotonic clock stays true. */
export function fakeClock(folder: string, start = Date.now()): FakeClock {
  const file = join(folder, 'offset')
  let aheadMs = 0
  const set = (instant: number) => {
    const seconds = Math.round((instant - Date.now()) / 1000)
    aheadMs = seconds * 1000
    writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}\n`)
  }
  set(start)
  return {
    environment: {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_NO_CACHE: '1'
    },
    now: () => Date.now() + aheadMs,
    set
  }
}
