import type { FlatCatalogue, FlatEndpoint, FlatRequirement } from '../../domain/mirror/mirror.ts'

/** Everything that a mirror holds at one moment. */
export interface Snapshot {
  readonly catalogues: readonly FlatCatalogue[]
  readonly requirements: readonly FlatRequirement[]
  readonly endpoints: readonly FlatEndpoint[]
  /** RFC 3339: when the newest revision in the snapshot was published, or the last transition if that is later. */
  readonly recency: string
}

/** The rows of a snapshot in a shape, in lists with the names that its tool looks for. */
export type ShapedLists = Readonly<Record<string, readonly object[]>>
