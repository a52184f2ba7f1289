import { InvalidArgumentError } from 'commander'

export function readSeq(text: string): number {
  if (/^\d{1,15}$/.test(text) && Number(text) > 0) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1.')
}
