import type { FlatCatalogue, FlatEndpoint, FlatRequirement } from '../../domain/mirror/mirror.ts'

/** Everything that a mirror holds, and what says of which moment it is. */
export interface Snapshot {
  readonly catalogues: readonly FlatCatalogue[]
  readonly requirements: readonly FlatRequirement[]
  readonly endpoints: readonly FlatEndpoint[]
  /** RFC 3339: when the newest revision in it was published, or the last transition, if that is later. */
  readonly recency: string
}

/** The texts of a snapshot that a shape answers, under the names that its tool looks for. */
export type Shaped = Readonly<Record<string, readonly object[]>>
