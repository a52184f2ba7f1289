import type { Revision } from '../history/revision.ts'
import type { SubjectPack } from './subject-pack.ts'

/** A change pack of a catalogue. */
export interface CataloguePack extends SubjectPack {
  readonly from: Revision
  readonly to: Revision
}
