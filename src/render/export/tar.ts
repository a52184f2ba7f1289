import { createTar } from 'nanotar'
import type { ExportFile } from './format.ts'

/** Two blocks of zeros end an archive (POSIX, pax, ustar interchange format), and it is written in records of 20 blocks. */
const endOfArchive = 2 * 512
const record = 20 * 512

/** A POSIX tar archive (ustar). `modifiedAt`: the time of all files, in ms since 1970, so that the same files give the same bytes. */
export function tarArchive(files: readonly ExportFile[], modifiedAt: number): Uint8Array {
  const archive = createTar(
    files.map(({ name, content }) => ({
      name,
      data: content,
      attrs: { mtime: modifiedAt, mode: '0644', uid: 0, gid: 0 }
    }))
  )
  const whole = new Uint8Array(Math.ceil((archive.length + endOfArchive) / record) * record)
  whole.set(archive)
  return whole
}
