import type { Document } from '../document/document.ts'
import { equalJson } from '../json/equal-json.ts'
import type { FeedSource, Imported } from './adapter.ts'
import { keepServices } from './kept-services.ts'
import { type ImportHead, parseImported } from './parse-imported.ts'

/**
 * Makes a document of what was imported. What the source cannot say is kept of the head: the profile, guidance, components, variables, and
 * former keys. Where nothing but the edition would differ, the document is that of the head, edition and all, and publishing it changes
 * nothing.
 * @throws PortolanError `invalid_source` with every value that cannot be read, at its cell
 */
export function importedDocument(source: FeedSource, imported: Imported, about: ImportHead): Document {
  const { head } = about
  const parsed = parseImported(source, imported, about, inOrderOf(head, imported.requirements))
  if (!head) return parsed
  const requirements = keepServices(parsed.requirements, head.requirements)
  const document = { ...parsed, requirements }
  const { edition: _, ...content } = document
  const { edition, ...before } = head
  return equalJson(content, before) ? { ...document, edition } : document
}

/** What the head has stays in its order, and what is new comes behind: a table in another order says nothing new. */
function inOrderOf(head: Document | undefined, requirements: Imported['requirements']): Imported['requirements'] {
  const places = new Map(head?.requirements.map(({ key }, index) => [key, index]))
  const place = ({ key }: Imported['requirements'][number]) => places.get(String(key)) ?? places.size
  return [...requirements].sort((a, b) => place(a) - place(b))
}
