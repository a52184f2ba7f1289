import { revisionWithChanges } from '../../catalogue/history/revisions.ts'
import { loadDocument } from '../../catalogue/read/document.ts'
import type { Revision } from '../../domain/history/revision.ts'
import { documentTag } from '../../domain/read/document-tag.ts'
import { revisionJson } from '../../render/history/revision-json.ts'
import { connectionPage, type Paging } from '../reading/connection.ts'
import type { Resolvers } from '../reading/resolver.ts'

export interface RevisionNode extends ReturnType<typeof revisionJson> {
  readonly __typename: 'Revision'
  readonly id: string
  readonly revision: Revision
}

export function revisionNode(revision: Revision): RevisionNode {
  const id = `${revision.catalogue}@${revision.number}`
  return { ...revisionJson(revision), __typename: 'Revision', id, revision }
}

export const revisionFields: Resolvers = {
  Revision: {
    etag: ({ revision }: RevisionNode) => documentTag(revision),
    changes: async (
      { revision: { catalogue, number } }: RevisionNode,
      paging: Paging,
      { snapshot: { catalogues } }
    ) => {
      const { changes } = await revisionWithChanges(catalogues, catalogue, number)
      return connectionPage({ run: `changes\n${catalogue}`, point: number, instant: 0 }, changes, paging)
    },
    document: ({ revision }: RevisionNode, _: unknown, { snapshot: { catalogues } }) =>
      loadDocument(catalogues, revision)
  }
}
