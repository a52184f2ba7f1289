import { createTar } from 'nanotar'
import type { ExportFile } from './format.ts'

/** A POSIX tar archive (ustar); the same bytes for the same files, since all of them bear the one given time. */
export function tar(files: readonly ExportFile[], modifiedAt: number): Uint8Array {
  return createTar(
    files.map(({ name, content }) => ({
      name,
      data: content,
      attrs: { mtime: modifiedAt, mode: '0644', uid: 0, gid: 0 }
    }))
  )
}
