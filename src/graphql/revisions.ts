import { documentOf } from '../catalogue/document.ts'
import { revisionWithChanges } from '../catalogue/revisions.ts'
import { documentTag } from '../domain/document-tag.ts'
import type { Revision } from '../domain/revision.ts'
import { revisionJson } from '../render/revision-json.ts'
import { type Paging, pageOf } from './connection.ts'
import type { Resolvers } from './resolver.ts'

export interface RevisionNode extends ReturnType<typeof revisionJson> {
  readonly __typename: 'Revision'
  readonly id: string
  readonly catalogueId: string
  readonly etag: string
}

export function revisionNode(revision: Revision): RevisionNode {
  const { catalogue, number } = revision
  return {
    ...revisionJson(revision),
    ...{ __typename: 'Revision', id: `${catalogue}@${number}`, catalogueId: catalogue, etag: documentTag(revision) }
  }
}

export const revisionFields: Resolvers = {
  Revision: {
    changes: async ({ catalogueId, number }: RevisionNode, paging: Paging, { moment }) => {
      const { changes } = await revisionWithChanges(moment, catalogueId, number)
      return pageOf({ run: `changes\n${catalogueId}`, point: number, instant: 0 }, changes, paging)
    },
    document: ({ catalogueId: catalogue, number }: RevisionNode, _: unknown, { moment }) =>
      documentOf(moment, { catalogue, number })
  }
}
