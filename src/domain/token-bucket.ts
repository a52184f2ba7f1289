/** A bucket of tokens that fills evenly until it is full. */
export interface TokenBucket {
  /** Below zero: what was taken before it was there. */
  readonly tokens: number
  /** When the bucket had these tokens, in milliseconds of any clock. */
  readonly at: number
}

export interface BucketSize {
  /** The most tokens that a bucket holds; a new one is full. */
  readonly most: number
  readonly perSecond: number
}

/** The bucket as it is at `now`. */
export function filledBucket(
  bucket: TokenBucket | undefined,
  now: number,
  { most, perSecond }: BucketSize
): TokenBucket {
  const { tokens, at } = bucket ?? { tokens: most, at: now }
  return { tokens: Math.min(most, tokens + (Math.max(0, now - at) * perSecond) / 1000), at: now }
}

/** Takes tokens at `now`: the bucket afterwards, and how long their taker must wait until all of them are there, in milliseconds. */
export function takeTokens(
  bucket: TokenBucket | undefined,
  now: number,
  size: BucketSize,
  count = 1
): { readonly bucket: TokenBucket; readonly waitMs: number } {
  const tokens = filledBucket(bucket, now, size).tokens - count
  return { bucket: { tokens, at: now }, waitMs: msUntil(tokens, 0, size) }
}

/** How many milliseconds a bucket with `tokens` takes until it has `wanted`. */
export function msUntil(tokens: number, wanted: number, { perSecond }: BucketSize): number {
  return tokens >= wanted ? 0 : ((wanted - tokens) * 1000) / perSecond
}
