import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { notationOf } from '../../catalogue/publishing/seed.ts'
import type { Manuscript, Notation } from '../../domain/publishing/draft.ts'
import type { Shell } from './shell.ts'

export interface FormatOptions {
  readonly format?: Notation
}

export function formatOption(): Option {
  return new Option('--format <format>', 'format of the document (default: by the file name)').choices(['yaml', 'json'])
}

/** Reads a file, or the standard input for `-`. A file that cannot be read is wrong usage. */
export async function readSource(shell: Shell, command: Command, file: string): Promise<Uint8Array> {
  if (file === '-') return shell.readInput()
  try {
    return await readFile(file)
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const said = error instanceof Error ? error.message : error
    command.error(`error: ${isMissing ? `there is no file ${file}` : said}`)
  }
}

/** Reads a document. If neither the file name nor `--format` says in which format it is, that is wrong usage. */
export async function readManuscript(
  shell: Shell,
  command: Command,
  file: string,
  { format }: FormatOptions
): Promise<Manuscript> {
  const notation = format ?? notationOf(file)
  if (notation === undefined)
    command.error(
      file === '-'
        ? 'error: the standard input needs --format yaml or --format json'
        : `error: ${file} ends neither in .yaml nor in .json: add --format yaml or --format json`
    )
  shell.manuscript = file
  return { bytes: await readSource(shell, command, file), notation }
}
