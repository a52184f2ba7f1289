import type { Static, TSchema } from 'typebox'
import { PortolanError } from '../errors.ts'
import { faultsOf } from './fields.ts'

/**
 * Checks a parsed body against its schema, in the same way for every outlet.
 * @throws PortolanError `invalid_body` with every fault
 */
export function readInput<T extends TSchema>(schema: T, value: unknown): Static<T> {
  const faults = faultsOf(schema, value)
  // The value was checked against the schema just now.
  if (faults.length === 0) return value as Static<T>
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`
  throw new PortolanError('invalid_body', `The body has ${count}; nothing was done.`, { faults })
}
