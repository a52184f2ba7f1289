import { InvalidArgumentError } from 'commander'

/** A place in the log, or how many of something: from 1. */
export function readSeq(text: string): number {
  return readFrom(1, text)
}

/** From 0. */
export function readCount(text: string): number {
  return readFrom(0, text)
}

function readFrom(least: number, text: string): number {
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text)
  throw new InvalidArgumentError(`It must be a whole number from ${least}.`)
}
