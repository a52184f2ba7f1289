import { identicalJson } from '../../json/equal-json.ts'
import type { WrittenRequirement } from '../../table/table-reading.ts'
import type { Imported } from '../adapter.ts'

/**
 * What was read of a state of a list, with the parts of the state before in the place of those that are the same: many states of one list take
 * little more memory than what differs, and whoever goes through them sees at once what stayed.
 */
export function sharedReading(before: Imported | undefined, read: Imported): Imported {
  if (!before) return read
  const { mirrored } = read
  const requirements = shared(before.requirements, read.requirements)
  if (!mirrored) return { ...read, requirements }
  const { document } = mirrored
  const kept = shared(before.mirrored?.document.requirements ?? [], document.requirements)
  return { ...read, requirements, mirrored: { ...mirrored, document: { ...document, requirements: kept } } }
}

/** A requirement, written or read. */
type Keyed = WrittenRequirement | { readonly key: string; readonly endpoints: readonly unknown[] }

function shared<Each extends Keyed>(before: readonly Each[], after: readonly Each[]): readonly Each[] {
  const known = new Map(before.map((requirement) => [requirement.key, requirement]))
  return after.map((requirement) => {
    const old = known.get(requirement.key)
    if (!old || identicalJson(old, requirement)) return old ?? requirement
    return { ...requirement, endpoints: sharedItems(old.endpoints, requirement.endpoints) }
  })
}

/** The items of a list, where it is one, with those of the list before that have the same text. */
function sharedItems(before: unknown, after: unknown): unknown {
  if (!Array.isArray(before) || !Array.isArray(after)) return after
  const known = new Map(before.map((item) => [JSON.stringify(item), item]))
  return after.map((item) => known.get(JSON.stringify(item)) ?? item)
}
