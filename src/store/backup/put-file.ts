import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a file that appears with all of its content, or not at all, and is on the disk then. Only its owner may read it. `write` fills an
 * empty draft in the same folder; `before` runs just before the draft takes its place. @returns the size in bytes
 */
export async function putFile(
  file: string,
  write: (draft: string) => Promise<void>,
  before: () => void = () => {}
): Promise<number> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    closeSync(openSync(draft, 'wx', 0o600))
    await write(draft)
    // Whatever the umask is.
    chmodSync(draft, 0o600)
    sync(draft)
    const { size } = statSync(draft)
    before()
    renameSync(draft, file)
    sync(dirname(file))
    return size
  } finally {
    for (const left of [draft, `${draft}-wal`, `${draft}-shm`, `${draft}-journal`]) rmSync(left, { force: true })
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
