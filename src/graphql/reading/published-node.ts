import type { Published } from '../../catalogue/publishing/publish.ts'
import type { Change } from '../../domain/change/change.ts'
import type { RevisionNode } from './revision-node.ts'

/** What came of a publish, as it is answered. */
export interface PublishedNode {
  readonly outcome: Published['kind']
  readonly catalogueId: string
  readonly revision: RevisionNode
  /** All changes; the field `changes` answers a page of them. */
  readonly allChanges: readonly Change[]
  readonly etag: string | undefined
  readonly seq: number | undefined
}
