/** What came of a commit. `conflict`: another writer was faster, and nothing was written. */
export type CommitOutcome =
  | {
      readonly kind: 'committed'
      /** The seqs of the events, in their order. */
      readonly seqs: readonly number[]
      /** The seq of the last event; of a publication that is the seq of the revision. */
      readonly lastSeq: number
    }
  | { readonly kind: 'conflict' }
