/** How much may be sent: a bucket that fills by `rate` a second and holds one second's worth. */
export interface TokenBucket {
  readonly tokens: number
  /** Milliseconds. */
  readonly at: number
}

/** The bucket after one thing was sent at `now`, and how long that must wait, in milliseconds. */
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
