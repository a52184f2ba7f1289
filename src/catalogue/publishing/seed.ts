import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PortolanError } from '../../domain/errors.ts'
import type { Draft } from '../../domain/publishing/draft.ts'
import { invalidDocument, type Manuscript, readDraft } from '../../domain/publishing/draft.ts'
import type { Catalogues } from '../catalogues.ts'
import { publishDocument } from './publish.ts'

/** The notation of a file, by its ending; undefined where it is no document. */
export function notationOf(file: string): Manuscript['notation'] | undefined {
  return /\.ya?ml$/i.test(file) ? 'yaml' : /\.json$/i.test(file) ? 'json' : undefined
}

interface File extends Draft {
  readonly name: string
  readonly manuscript: Manuscript
}

/**
 * Publishes the documents of a folder into an empty store, sorted by `publishedAt`, and then those without one. Nothing is published if
 * one of them has a fault.
 * @returns how many revisions were published; 0 also where the store is not empty.
 */
export async function seed(catalogues: Catalogues, folder: string): Promise<number> {
  if (catalogues.heads.all().length > 0) return 0
  const files = await readFolder(folder)
  files.sort(
    (a, b) =>
      (a.publishedAt ?? Number.MAX_SAFE_INTEGER) - (b.publishedAt ?? Number.MAX_SAFE_INTEGER) ||
      (a.name < b.name ? -1 : 1)
  )
  const digests = new Map<string, string>()
  let published = 0
  for (const { manuscript, document } of files) {
    const { id } = document
    const digest = digests.get(id)
    try {
      const { revision } = await publishDocument(catalogues, {
        catalogue: id,
        manuscript,
        precondition:
          digest === undefined ? { kind: 'create' } : { kind: 'match', isHead: (head) => head.digest === digest },
        overrides: [],
        author: 'catalogues',
        isDryRun: false
      })
      digests.set(id, revision.digest)
      published += 1
    } catch (error) {
      // Another replica publishes the same documents, and was faster: it does the rest of the catalogue.
      if (!(error instanceof PortolanError && error.code === 'precondition_failed')) throw error
      digests.set(id, '')
    }
  }
  return published
}

async function readFolder(folder: string): Promise<File[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files: File[] = []
  for (const entry of entries) {
    const name = join(entry.parentPath, entry.name)
    const notation = notationOf(entry.name)
    if (!entry.isFile() || !notation) continue
    const manuscript = { bytes: await readFile(name), notation }
    files.push({ name, manuscript, ...draftOf(name, manuscript) })
  }
  return files
}

function draftOf(name: string, manuscript: Manuscript): Draft {
  try {
    const draft = readDraft(manuscript)
    if ('faults' in draft) throw invalidDocument(draft)
    return draft
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error
    const { code, message, faults } = error
    throw new PortolanError(code, `${name}: ${message}`, { faults })
  }
}
