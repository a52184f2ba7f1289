import type { ModelList } from './polling-model.ts'

/** A list as AWS publishes it, all in one region. */
export function awsList({ groups, token }: ModelList): string {
  const prefixes = Object.entries(groups).flatMap(([group, values]) =>
    values.map((value) => ({ ip_prefix: `${value}/32`, region: 'r-1', service: group, network_border_group: 'r-1' }))
  )
  return JSON.stringify({ syncToken: String(token), createDate: '2026-11-24-12-00-00', prefixes, ipv6_prefixes: [] })
}
