import type { Document } from '../../domain/document/document.ts'
import { parseDocument } from '../../domain/document/parse-document.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { Backend } from './backend.ts'

/** The document of a catalogue as it is; undefined where there is no such catalogue yet. */
export async function headDocument(backend: Backend, id: string): Promise<Document | undefined> {
  const listed = await backend.catalogues({})
  if (!listed.some((catalogue) => catalogue.id === id)) return undefined
  const parsed = parseDocument(JSON.parse(await backend.document(id, undefined, 'json')))
  if ('faults' in parsed) throw new PortolanError('internal', `The document of ${id} cannot be read.`)
  return parsed.document
}
