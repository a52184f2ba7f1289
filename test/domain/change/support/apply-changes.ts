import type { Change } from '../../../../src/domain/change/change.ts'
import type { Difference } from '../../../../src/domain/change/diff.ts'
import type { Written } from '../../document/support/sample.ts'

/** A document or a view as a mirror would keep it: plain JSON, lists of requirements and endpoints. */
export interface Mirror {
  readonly edition?: unknown
  readonly requirements: readonly MirrorRequirement[]
}
interface MirrorRequirement {
  readonly key: string
  readonly endpoints: readonly object[]
}

interface Kept {
  fields: Written
  endpoints: string[]
}

/**
 * What a mirror has after it applied a difference: written from the contract alone, so that it shows whether the changes say
 * enough. Endpoints within a requirement are left in no order.
 */
export function applyChanges({ requirements, edition, ...profile }: Mirror, difference: Difference): Mirror {
  const { changes } = difference
  let whole: Written = profile
  let order = requirements.map(({ key }) => key)
  const kept = new Map(
    requirements.map(({ endpoints, ...fields }): [string, Kept] => [
      fields.key,
      { fields, endpoints: endpoints.map((endpoint) => JSON.stringify(endpoint)) }
    ])
  )
  for (const change of changes.filter(({ op }) => op === 'renamed')) {
    const { key } = read(change.before)
    const now = read(change.after)
    const row = kept.get(String(key))
    if (!row) throw new Error(`renames ${key}, which is not there`)
    kept.delete(String(key))
    kept.set(String(now.key), { ...row, fields: exchange(row.fields, change) })
    order = order.map((each) => (each === key ? String(now.key) : each))
  }
  for (const change of changes) {
    const { op, pointer, requirement } = change
    if (op === 'renamed') continue
    if (op === 'reordered') order = list(change.after)
    else if (requirement === undefined) whole = exchange(whole, { ...change, ...named(pointer, change) })
    else if (change.endpoint) moveEndpoint(kept, requirement, change)
    else if (op === 'added') {
      kept.set(requirement, { fields: read(change.after), endpoints: kept.get(requirement)?.endpoints ?? [] })
      if (!order.includes(requirement)) order.push(requirement)
    } else if (op === 'changed') {
      const row = rowOf(kept, requirement)
      row.fields = exchange(row.fields, change)
    }
  }
  const gone = new Set(changes.filter(isWhole('removed')).map(({ requirement }) => requirement))
  for (const key of gone) if (kept.get(key ?? '')?.endpoints.length !== 0) throw new Error(`${key} goes with endpoints`)
  order = order.filter((key) => !gone.has(key))
  const added = changes.filter(isWhole('added'))
  order = order.filter((key) => !added.some(({ requirement }) => requirement === key))
  for (const { requirement = '', position = -1 } of added) order.splice(position, 0, requirement)
  return {
    ...whole,
    edition: difference.edition?.after ?? edition,
    requirements: order.map((key) => {
      const { fields, endpoints } = rowOf(kept, key)
      return { ...fields, key, endpoints: endpoints.map((text): object => JSON.parse(text)) }
    })
  }
}

function isWhole(wanted: Change['op']): (change: Change) => boolean {
  return ({ op, requirement, endpoint }) => op === wanted && requirement !== undefined && endpoint === undefined
}

function moveEndpoint(kept: Map<string, Kept>, requirement: string, { before, after }: Change): void {
  const row = kept.get(requirement) ?? { fields: {}, endpoints: [] }
  kept.set(requirement, row)
  if (before !== undefined) {
    const index = row.endpoints.indexOf(JSON.stringify(before))
    if (index < 0) throw new Error(`${requirement} has no endpoint ${JSON.stringify(before)}`)
    row.endpoints.splice(index, 1)
  }
  if (after !== undefined) row.endpoints.push(JSON.stringify(after))
}

/** Takes away the members named before and puts in those named after. */
function exchange(
  fields: Written,
  { before, after }: { readonly before?: unknown; readonly after?: unknown }
): Written {
  const next = new Map(Object.entries(fields))
  for (const [name, value] of Object.entries(read(before))) {
    if (JSON.stringify(next.get(name)) !== JSON.stringify(value)) throw new Error(`${name} was not ${value}`)
    next.delete(name)
  }
  for (const [name, value] of Object.entries(read(after))) next.set(name, value)
  return Object.fromEntries(next)
}

/** A change of the catalogue names its one member in the pointer. */
function named(pointer: string, { before, after }: Change): { readonly before: Written; readonly after: Written } {
  const name = pointer.slice(1)
  return { before: before === undefined ? {} : { [name]: before }, after: after === undefined ? {} : { [name]: after } }
}

function rowOf(kept: ReadonlyMap<string, Kept>, key: string): Kept {
  const row = kept.get(key)
  if (!row) throw new Error(`there is no requirement ${key}`)
  return row
}

function read(value: unknown): Written {
  // Changes carry JSON; what is absent has no members.
  return (value ?? {}) as Written
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
