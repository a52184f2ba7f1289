import type { Document } from '../../domain/document/document.ts'
import { type Revision, revisionKey } from '../../domain/history/revision.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'

type Which = Pick<Revision, 'catalogue' | 'number'>
type Sources = Pick<Catalogues, 'store' | 'cache'>

/** The weight of an endpoint in memory: at least 135 bytes (measured), and more with remarks and other texts. */
export const bytesOfEndpoint = 250

const values: Slot<Document> = {
  name: 'document',
  bytes: ({ requirements }) =>
    requirements.reduce((sum, { endpoints }) => sum + 1_000 + endpoints.length * bytesOfEndpoint, 4_000)
}
/** That the document of a revision is larger than the cache. */
const misfits: Slot<object> = { name: 'document that does not fit', bytes: () => 0 }
const texts: Slot<Uint8Array> = { name: 'document JSON', bytes: (bytes) => bytes.byteLength }

/** The document of a revision, as it was published. Revisions never change, so it may come from the cache. */
export async function loadDocument({ store, cache }: Sources, which: Which): Promise<Document> {
  const kept = cache.get(values, revisionKey(which))
  if (kept) return kept
  const json = cache.get(texts, revisionKey(which))
  // The service wrote this JSON itself, from a canonical document.
  const document: Document = json
    ? JSON.parse(Buffer.from(json).toString('utf8'))
    : await store.document(which.catalogue, which.number)
  rememberDocument({ cache }, which, document)
  return document
}

/** Whether the document of a revision was found to be larger than the cache, so that each read of all of it loads it from the store. */
export function isTooLarge({ cache }: Pick<Catalogues, 'cache'>, which: Which): boolean {
  return cache.get(misfits, revisionKey(which)) !== undefined
}

/** Whether the document of a revision is in memory, so that reading it costs nothing. */
export function isKept({ cache }: Pick<Catalogues, 'cache'>, which: Which): boolean {
  return cache.get(values, revisionKey(which)) !== undefined || cache.get(texts, revisionKey(which)) !== undefined
}

/** The document of a revision as canonical JSON in UTF-8. */
export async function documentJson(sources: Sources, which: Which): Promise<Uint8Array> {
  const kept = sources.cache.get(texts, revisionKey(which))
  if (kept) return kept
  const json = Buffer.from(JSON.stringify(await loadDocument(sources, which)))
  sources.cache.set(texts, revisionKey(which), json)
  return json
}

/** Keeps the document of a revision that was just published, since it will be read next. */
export function rememberDocument({ cache }: Pick<Catalogues, 'cache'>, which: Which, document: Document): void {
  if (!cache.set(values, revisionKey(which), document)) cache.set(misfits, revisionKey(which), {})
}
