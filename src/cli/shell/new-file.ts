import { writeFile } from 'node:fs/promises'
import { PortolanError } from '../../domain/errors.ts'
import type { Shell } from './shell.ts'

/**
 * Writes a text to a new file, or to the standard output for `-`. What is there already is somebody's work: it is never overwritten.
 * @throws PortolanError `conflict` where the file is there, or cannot be written
 */
export async function writeNewFile(shell: Shell, file: string, text: string): Promise<void> {
  if (file === '-') {
    shell.io.output(text)
    return
  }
  try {
    await writeFile(file, text, { flag: 'wx' })
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    const said = error instanceof Error ? error.message : error
    throw new PortolanError(
      'conflict',
      isThere ? `${file} is there already, and is not overwritten: name another file.` : `${said}.`
    )
  }
}
