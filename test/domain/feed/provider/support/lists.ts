import type { Document } from '../../../../../src/domain/document/document.ts'
import { PortolanError } from '../../../../../src/domain/errors.ts'
import type { Adapter, AdapterOptions, Imported } from '../../../../../src/domain/feed/adapter.ts'
import { type AdapterName, adapters } from '../../../../../src/domain/feed/adapters.ts'
import type { SourcePart } from '../../../../../src/domain/feed/gathering/gathering.ts'
import { importedDocument } from '../../../../../src/domain/feed/imported-document.ts'
import { sourceOf } from '../../support/sources.ts'

interface ListOptions extends AdapterOptions {
  readonly parts?: readonly SourcePart[]
}

export function adapterNamed(name: AdapterName): Adapter {
  const found = adapters.find((each) => each.name === name)
  if (!found) throw new Error(name)
  return found
}

function bytesOf(list: unknown): string | Uint8Array {
  return typeof list === 'string' || list instanceof Uint8Array ? list : JSON.stringify(list)
}

/** Reads a list, which is a value, a text or bytes. */
export async function readList(
  name: AdapterName,
  list: unknown,
  { parts = [], ...options }: ListOptions = {}
): Promise<Imported> {
  const read = await adapterNamed(name).load()
  return read({ ...sourceOf(bytesOf(list), 'list.json'), parts }, options)
}

/** The document that a list becomes. @throws PortolanError where it is refused */
export async function documentFrom(name: AdapterName, list: unknown, options: ListOptions = {}): Promise<Document> {
  return importedDocument(sourceOf(bytesOf(list), 'list.json'), await readList(name, list, options), {
    id: 'feed.example',
    edition: { label: '1', summary: 'Imported' }
  })
}

/** Why a list is refused: the place, the code and the sentence of its first fault. */
export async function refusalOfList(name: AdapterName, list: unknown, options: ListOptions = {}): Promise<string> {
  try {
    await documentFrom(name, list, options)
    return 'it was taken'
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error
    if (error.code !== 'invalid_source') return `${error.code}: ${error.message}`
    const [fault] = error.faults
    return `${fault?.pointer} ${fault?.code}: ${fault?.detail}`
  }
}

export function kindsOf({ notes }: Imported): readonly string[] {
  return notes.map(({ kind }) => kind)
}
