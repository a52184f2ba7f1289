/**
 * Whether a token of a source whose tokens rise stands before another: numbers by their value, other texts, which are instants in one form,
 * by code unit.
 */
export function isEarlierToken(token: string, other: string): boolean {
  if (isNumber(token) && isNumber(other)) return BigInt(token) < BigInt(other)
  return token < other
}

/** The later of two tokens, of which either may be missing. */
export function laterToken(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return isEarlierToken(one, other) ? other : one
}

function isNumber(text: string): boolean {
  return /^\d{1,40}$/.test(text)
}
