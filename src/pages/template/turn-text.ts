import type { Turn } from '../../catalogue/history/turns.ts'
import { type Endpoint, type EndpointKind, valueKey } from '../../domain/document/endpoint.ts'
import { groupBy } from '../../domain/group.ts'

const kindWords: Readonly<Record<EndpointKind, readonly [one: string, many: string]>> = {
  host: ['host', 'hosts'],
  address: ['address', 'addresses'],
  pattern: ['pattern', 'patterns'],
  url: ['URL', 'URLs'],
  role: ['role', 'roles'],
  feed: ['list', 'lists'],
  any: ['row for any address', 'rows for any address']
}

/** What the clock changes, in words: `4 addresses become active, 6 addresses retire`. A value counts once, in however many requirements. */
export function turnText({ begins, ends }: Pick<Turn, 'begins' | 'ends'>): string {
  const parts = [...counted(begins, ['becomes active', 'become active']), ...counted(ends, ['retires', 'retire'])]
  return parts.length === 0 ? 'Nothing changes' : parts.join(', ')
}

function counted(endpoints: readonly Endpoint[], [one, many]: readonly [one: string, many: string]): readonly string[] {
  const distinct = [...new Map(endpoints.map((endpoint) => [valueKey(endpoint), endpoint])).values()]
  return [...groupBy(distinct, ({ kind }) => kind)].map(([kind, { length }]) => {
    const [single, several] = kindWords[kind]
    return length === 1 ? `1 ${single} ${one}` : `${length} ${several} ${many}`
  })
}
