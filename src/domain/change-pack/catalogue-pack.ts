import type { Edition } from '../document/edition.ts'
import type { Revision } from '../history/revision.ts'
import type { Instant } from '../time/instant.ts'
import type { ChangePack } from './change-pack.ts'
import type { Risk } from './risk.ts'

/** A change pack of a catalogue, with the question that it answers. */
export interface CataloguePack extends ChangePack {
  readonly id: string
  /** Vendor, product and version. */
  readonly product: string
  readonly from: Revision
  readonly to: Revision
  /** The edition of `to`: its reason is that of the work. */
  readonly edition: Edition
  /** The state at which the work begins is that of `from` at this instant. */
  readonly since: Instant
  /** The state to which it leads is that of `to` from this instant on. */
  readonly now: Instant
  readonly risk: Risk
}
