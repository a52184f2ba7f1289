import { PortolanError } from '../../domain/errors.ts'

/** The refusal of a store in which something is not as it was written. `sentence` names the first such thing. */
export function damage(sentence: string): PortolanError {
  return new PortolanError('store_damaged', sentence)
}
