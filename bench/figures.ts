/** The median of some numbers; for an even count the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const half = sorted.length / 2
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]]
  return (low + high) / 2
}

/** A percentile of ascending numbers: the smallest one that at least this share of them does not exceed. */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? Number.NaN
}

export function spread(numbers: readonly number[]): readonly [number, number] {
  return [Math.min(...numbers), Math.max(...numbers)]
}

/** A number with three significant digits, or as a whole number. */
export function digits(number: number): string {
  if (!Number.isFinite(number)) return String(number)
  return Math.abs(number) >= 100 ? Math.round(number).toLocaleString('en') : String(Number(number.toPrecision(3)))
}

export function milliseconds(number: number): string {
  return number >= 10_000 ? `${digits(number / 1000)} s` : `${digits(number)} ms`
}

export function megabytes(bytes: number): string {
  return `${digits(bytes / 1_000_000)} MB`
}

export function kilobytes(bytes: number): string {
  return `${digits(bytes / 1000)} kB`
}
