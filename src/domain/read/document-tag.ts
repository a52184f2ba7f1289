import type { Revision } from '../history/revision.ts'
import { gzipTag, tagOf } from './etag.ts'

/** The query of a document in its tags. */
export const documentQuery = JSON.stringify(['document'])

/** All tags with which the document of a revision can be answered. A publisher may name any of them. */
export function documentTags(revision: Pick<Revision, 'number' | 'digest'>): readonly string[] {
  return (['json', 'yaml'] as const).flatMap((representation) => {
    const tag = tagOf({ revision, query: documentQuery, representation })
    return [tag, gzipTag(tag)]
  })
}

/** The tag of the document as JSON. */
export function documentTag(revision: Pick<Revision, 'number' | 'digest'>): string {
  return tagOf({ revision, query: documentQuery, representation: 'json' })
}
