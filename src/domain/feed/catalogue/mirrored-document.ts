import type { Document } from '../../document/document.ts'
import { withoutUndefined } from '../../json/without-undefined.ts'
import type { Imported } from '../adapter.ts'

/**
 * The document of a mirror: that of its origin, but for its id and for what the edition says of where it came from. `digest` is there that of
 * the revision.
 */
export function mirroredDocument(
  { document, digest }: NonNullable<Imported['mirrored']>,
  {
    id,
    adapter,
    url,
    token
  }: { readonly id: string; readonly adapter: string; readonly url: string; readonly token?: string }
): Document {
  const { label } = document.edition
  const source = withoutUndefined({ adapter, url, token, label, digest })
  return { ...document, id, edition: { ...document.edition, source } }
}
