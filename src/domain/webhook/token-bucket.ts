/** A bucket that fills by `rate` tokens a second and holds the tokens of one second. Each request takes a token. */
export interface TokenBucket {
  readonly tokens: number
  /** When the bucket had these tokens, in milliseconds of any clock. */
  readonly at: number
}

/** Takes a token at `now`: the bucket afterwards, and how long the request must wait for its token, in milliseconds. */
export function takeToken(
  bucket: TokenBucket | undefined,
  now: number,
  rate: number
): { readonly bucket: TokenBucket; readonly waitMs: number } {
  const { tokens, at } = bucket ?? { tokens: rate, at: now }
  const filled = Math.min(rate, tokens + (Math.max(0, now - at) * rate) / 1000)
  const left = filled - 1
  return { bucket: { tokens: left, at: now }, waitMs: left >= 0 ? 0 : (-left * 1000) / rate }
}
