import type { ReadingNote } from '../../table/table-reading.ts'
import type { ProviderList } from './provider-list.ts'

/** What the addresses of a network that stands before web servers are: who opens connections to the origin. */
const webEdge = {
  scope: 'external',
  direction: 'inbound',
  necessity: 'optional',
  inferred: ['direction', 'necessity', 'ports', 'transport'],
  services: [{ transport: 'tcp', ports: [80, 443] }]
} as const

export const webEdgeNote: ReadingNote = {
  kind: 'taken',
  detail:
    'the list says nothing of direction, necessity, transport and ports: inbound, optional and tcp 80, 443 were taken'
}

/** Puts addresses into the one requirement of such a list, `edge`. */
export function readEdge(
  { reader, groups, selection }: ProviderList,
  title: string,
  values: readonly unknown[],
  at: string
): void {
  const group = groups.group(['edge'], at, () => ({ title, ...webEdge }))
  for (const [index, value] of values.entries()) {
    const address = reader.address(value, `${at}/${index}`)
    if (group && address !== undefined && selection.takes({})) groups.add(group, { kind: 'address', value: address })
  }
}
