import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Fetched, Validators } from '../domain/feed/fetched.ts'

/** The largest list, as over the network. */
const mostBytes = 64 * 1_048_576
/** Names of files that are still being written, or that no list has. */
const unfinished = /^\.|\.(part|partial|tmp)$|~$/i

/**
 * Reads a list from a `file:` URL: the file itself, or the newest file of a folder, without those in folders of it. Of two that are equally
 * new the one with the greater name counts. It never rejects: a failure is an answer too.
 */
export async function readMirror(url: string, { etag: known }: Validators = {}): Promise<Fetched> {
  try {
    const file = await newestFile(fileURLToPath(url))
    if (file === undefined) return { kind: 'failed', reason: 'there is no file in the folder of the mirror' }
    if (file.size > mostBytes)
      return { kind: 'failed', reason: `the file of the mirror is larger than ${mostBytes / 1_048_576} MiB` }
    // As servers make them of files: what is written anew has another time or size.
    const etag = `"${basename(file.path)}-${file.size}-${file.mtimeMs}"`
    if (etag === known) return { kind: 'not_modified' }
    return { kind: 'content', bytes: await readFile(file.path), etag }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return { kind: 'failed', reason: code === 'ENOENT' ? 'there is no such file' : `the file cannot be read: ${code}` }
  }
}

interface MirrorFile {
  readonly path: string
  readonly size: number
  readonly mtimeMs: number
}

async function newestFile(path: string): Promise<MirrorFile | undefined> {
  const found = await stat(path)
  if (!found.isDirectory()) return { path, size: found.size, mtimeMs: found.mtimeMs }
  let newest: MirrorFile | undefined
  for (const name of (await readdir(path)).filter((name) => !unfinished.test(name)).sort()) {
    const file = join(path, name)
    const entry = await stat(file)
    if (!entry.isFile()) continue
    if (newest === undefined || entry.mtimeMs >= newest.mtimeMs)
      newest = { path: file, size: entry.size, mtimeMs: entry.mtimeMs }
  }
  return newest
}
