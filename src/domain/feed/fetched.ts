/** What a source said of its answer, to be sent back with the next question (RFC 9110, section 13.1). */
export interface Validators {
  readonly etag?: string
  /** As it came. */
  readonly lastModified?: string
  /** The source's own name of the state, where it is asked for by itself. It is no field of HTTP. */
  readonly version?: string
}

/** What came of asking a source for its list. */
export type Fetched =
  | ({
      readonly kind: 'content'
      /** After content decoding. */
      readonly bytes: Uint8Array
      /** Absent: the list was read from a file. */
      readonly status?: number
    } & Validators)
  /** The list is the one of the validators. */
  | { readonly kind: 'not_modified'; readonly status?: number }
  | {
      readonly kind: 'failed'
      /** A sentence for whoever looks after the feed. No query of a URL is in it. */
      readonly reason: string
      readonly status?: number
      /** How long the source wants to be left alone. */
      readonly retryAfterMs?: number
    }
