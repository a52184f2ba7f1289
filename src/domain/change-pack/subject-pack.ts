import type { Instant } from '../time/instant.ts'
import type { ChangePack } from './change-pack.ts'
import type { Risk } from './risk.ts'

/** One of the two states between which a change pack leads. */
export interface PackSide {
  /** Number of the revision. */
  readonly number: number
  /** As people call it. */
  readonly label: string
  readonly recordedAt: Instant
  /** Of a site: the instant at which its catalogues are read. */
  readonly asOf?: Instant
}

/** A change pack of a catalogue or of a site, with the question that it answers. */
export interface SubjectPack extends ChangePack {
  readonly id: string
  readonly subject: { readonly kind: 'catalogue' | 'site'; readonly id: string }
  /** Vendor, product and version; of a site its title. */
  readonly product: string
  readonly from: PackSide
  readonly to: PackSide
  /** Why `to` is new, where it says so. */
  readonly reason?: string
  /** The state at which the work begins is that of `from` at this instant. */
  readonly since: Instant
  /** The state to which it leads is that of `to` from this instant on. */
  readonly now: Instant
  readonly risk: Risk
}
