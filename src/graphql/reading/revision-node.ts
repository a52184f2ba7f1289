import type { Revision } from '../../domain/history/revision.ts'
import { revisionJson } from '../../render/history/revision-json.ts'

/** A revision as it is answered, with the revision that it is made of. */
export interface RevisionNode extends ReturnType<typeof revisionJson> {
  readonly __typename: 'Revision'
  readonly id: string
  readonly catalogueId: string
  readonly revision: Revision
}

export function revisionNode(revision: Revision): RevisionNode {
  const { catalogue, number } = revision
  return {
    ...revisionJson(revision),
    __typename: 'Revision',
    id: `${catalogue}@${number}`,
    catalogueId: catalogue,
    revision
  }
}
