import { InvalidArgumentError } from 'commander'

/** Reads a seq, or a count of at least 1. */
export function readSeq(text: string): number {
  return readWholeNumber(1, text)
}

/** Reads a count of at least 0. */
export function readCount(text: string): number {
  return readWholeNumber(0, text)
}

function readWholeNumber(least: number, text: string): number {
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text)
  throw new InvalidArgumentError(`It must be a whole number from ${least}.`)
}
