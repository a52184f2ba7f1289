import type { Requirement } from '../document/document.ts'
import { endpointId } from '../document/endpoint.ts'

/** What a list brings, in a sentence: the summary of its edition. `before`: the requirements of the head, if there is one. */
export function stepSummary(before: readonly Requirement[] | undefined, after: readonly Requirement[]): string {
  if (!before)
    return `The list as it was first seen: ${counted(after.length, 'requirement')}, ${counted(openness(after).size, 'value')}.`
  // What stands as it stood brings nothing.
  const [was, is] = [new Set(before), new Set(after)]
  const now = openness(after.filter((requirement) => !was.has(requirement)))
  const then = openness(before.filter((requirement) => !is.has(requirement)))
  let [added, back, vanished] = [0, 0, 0]
  for (const [id, isOpen] of now) {
    const wasOpen = then.get(id)
    if (wasOpen === undefined) added += 1
    else if (isOpen && !wasOpen) back += 1
  }
  for (const [id, wasOpen] of then) if (wasOpen && !now.get(id)) vanished += 1
  const said = [
    [added, 'added'],
    [vanished, 'no longer listed'],
    [back, 'listed again']
  ] as const
  const parts = said.flatMap(([count, what]) => (count === 0 ? [] : [`${counted(count, 'value')} ${what}`]))
  return parts.length === 0 ? 'The values are the same; what is said of them has changed.' : `${parts.join(', ')}.`
}

/** The values of each requirement, and whether one of its lifetimes has no end. */
function openness(requirements: readonly Requirement[]): ReadonlyMap<string, boolean> {
  const values = new Map<string, boolean>()
  for (const { key, endpoints } of requirements)
    for (const endpoint of endpoints) {
      const id = endpointId(key, endpoint)
      values.set(id, endpoint.until === undefined || values.get(id) === true)
    }
  return values
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
