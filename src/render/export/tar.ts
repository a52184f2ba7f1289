import { createTar } from 'nanotar'
import type { ExportFile } from './format.ts'

/** A POSIX tar archive (ustar). `modifiedAt`: the time of all files, in ms since 1970, so that the same files give the same bytes. */
export function tarArchive(files: readonly ExportFile[], modifiedAt: number): Uint8Array {
  return createTar(
    files.map(({ name, content }) => ({
      name,
      data: content,
      attrs: { mtime: modifiedAt, mode: '0644', uid: 0, gid: 0 }
    }))
  )
}
