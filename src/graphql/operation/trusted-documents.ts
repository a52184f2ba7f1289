import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PortolanError } from '../../domain/errors.ts'
import { parseJson } from '../../domain/json/json.ts'
import { documentHash } from './operation.ts'

/** The texts of documents that clients name by hash, by that hash: the SHA-256 of the text, in hex. */
export type TrustedDocuments = ReadonlyMap<string, string>

/**
 * Reads a folder of `.graphql` files, one document each, and of `.json` manifests, which compilers of clients write: texts by their hashes.
 * @throws PortolanError `invalid_parameter` where a manifest cannot be read, or a hash in it is not that of its text.
 */
export async function readDocuments(path: string): Promise<TrustedDocuments> {
  const files = (await stat(path)).isDirectory() ? (await readdir(path)).sort().map((name) => join(path, name)) : [path]
  const documents = new Map<string, string>()
  for (const file of files) {
    const text = await readFile(file, 'utf8')
    if (file.endsWith('.graphql')) documents.set(documentHash(text), text)
    if (file.endsWith('.json')) for (const [hash, document] of readManifest(file, text)) documents.set(hash, document)
  }
  return documents
}

function readManifest(file: string, text: string): readonly (readonly [string, string])[] {
  const read = parseJson(Buffer.from(text))
  if ('fault' in read) throw notManifest(file, read.fault)
  if (typeof read.value !== 'object' || read.value === null) throw notManifest(file, 'is not an object')
  return Object.entries(read.value).map(([hash, document]) => {
    if (typeof document !== 'string') throw notManifest(file, `has no text under ${hash}`)
    if (documentHash(document) !== hash.replace(/^sha256:/, ''))
      throw notManifest(file, `${hash} is not the SHA-256 of its text`)
    return [documentHash(document), document]
  })
}

function notManifest(file: string, fault: string): PortolanError {
  return new PortolanError('invalid_parameter', `The manifest of trusted documents ${file}: ${fault}.`)
}
