import { hash } from 'node:crypto'
import { type Endpoint, endpointId, kindAndValue } from '../document/endpoint.ts'
import { groupBy } from '../group.ts'
import { type HistoryRequirement, standsIn } from '../history/history.ts'

/** The ids of requirements. */
export interface RequirementIds {
  /** The ids of the requirements that stand in the revision, by key. */
  readonly standing: ReadonlyMap<string, string>
  /** The id of a requirement row of history. */
  of(row: HistoryRequirement): string
}

/**
 * The ids of the requirements of a catalogue up to a revision. An id is made of the first key of a requirement, so it survives renames. A
 * key that comes back has the id that it had before, unless that requirement continued under another key.
 */
export function requirementIds(rows: readonly HistoryRequirement[], number: number): RequirementIds {
  const origins = new Map<string, string>()
  const lives = new Map<string, number>()
  const ids = new Map<string, string>()
  const openings = groupBy(
    rows.filter(({ since }) => since <= number).sort((a, b) => a.since - b.since),
    ({ since }) => since
  )
  const endings = groupBy(rows, ({ until }) => until)
  for (const [revision, opened] of openings) {
    const stays = new Set(opened.map(({ fields }) => fields.key))
    const ended = new Set(endings.get(revision)?.map(({ fields }) => fields.key))
    const fresh = opened.filter(({ fields }) => !ended.has(fields.key))
    const renamed = fresh.flatMap(({ fields: { key, previousKeys } }): (readonly [string, string, string])[] => {
      const old = previousKeys?.find((previous) => ended.has(previous) && !stays.has(previous))
      const origin = old === undefined ? undefined : origins.get(old)
      return old === undefined || origin === undefined ? [] : [[key, old, origin]]
    })
    for (const [, old] of renamed) origins.delete(old)
    for (const [key, , origin] of renamed) origins.set(key, origin)
    for (const { fields } of fresh) if (!origins.has(fields.key)) origins.set(fields.key, newOrigin(lives, fields.key))
    for (const row of opened)
      ids.set(rowName(row), `req_${shortHash(`${row.catalogue}\n${origins.get(row.fields.key)}`)}`)
  }
  const of = (row: HistoryRequirement) => ids.get(rowName(row)) ?? ''
  const standing = rows.filter((row) => standsIn(row, number)).map((row) => [row.fields.key, of(row)] as const)
  return { standing: new Map(standing), of }
}

function rowName({ fields, since }: HistoryRequirement): string {
  return `${fields.key}\n${since}`
}

/** The origin of a new requirement: its key, and if a requirement had the key before, which one it is. */
function newOrigin(lives: Map<string, number>, key: string): string {
  const life = (lives.get(key) ?? 0) + 1
  lives.set(key, life)
  return life === 1 ? key : `${key}\n${life}`
}

/** The id of an endpoint: its requirement, kind, value and `from` identify it, since lifetimes of one value never overlap. */
export function endpointMirrorId(requirementId: string, endpoint: Endpoint): string {
  return `ep_${shortHash(`${endpointId(requirementId, endpoint)}\n${endpoint.from ?? ''}`)}`
}

/** The name of an endpoint within its requirement: `address:192.0.2.1` or `any`, and with a `from` also `@2026-12-01T00:00:00Z`. */
export function endpointKey(endpoint: Endpoint): string {
  const value = kindAndValue(endpoint)
  return endpoint.from === undefined ? value : `${value}@${endpoint.from}`
}

function shortHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 24)
}
