import { revisionWithChanges } from '../../catalogue/history/revisions.ts'
import { loadDocument } from '../../catalogue/read/document.ts'
import { documentTag } from '../../domain/read/document-tag.ts'
import { connectionPage } from '../reading/connection.ts'
import type { SomeResolvers } from '../resolvers.ts'

export const revisionFields = {
  Revision: {
    etag: ({ revision }) => documentTag(revision),
    changes: async ({ revision: { catalogue, number } }, paging, { snapshot }) => {
      const { changes } = await revisionWithChanges(snapshot.catalogues, catalogue, number)
      return connectionPage({ name: `changes\n${catalogue}`, point: number, instant: 0 }, changes, paging)
    },
    document: ({ revision }, _, { snapshot }) => loadDocument(snapshot.catalogues, revision)
  }
} satisfies SomeResolvers<'Revision', 'etag' | 'changes' | 'document'>
