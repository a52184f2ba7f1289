import { formatInstant, type Instant } from '../time/instant.ts'
import type { Revision } from './revision.ts'

/** A state of a catalogue that a tool for updates can propose: a revision, or a transition of the clock under it. */
export interface Release {
  readonly revision: Revision
  readonly at: Instant
  /** Absent: it is the publish of the revision. */
  readonly transition?: Instant
}

/**
 * `2.20181122000000`: the revision, and since when, in UTC. Numbers that are compared one after the other put releases in their order, as semantic
 * versions without a third number and as what Renovate calls loose. Milliseconds are a third number, where there are any.
 */
export function releaseVersion({ revision: { number }, at }: Release): string {
  const [seconds = '', millis] = formatInstant(at).replace('Z', '').split('.')
  const digits = seconds.replace(/\D/g, '')
  return millis === undefined ? `${number}.${digits}` : `${number}.${digits}.${Number(millis.padEnd(3, '0'))}`
}
