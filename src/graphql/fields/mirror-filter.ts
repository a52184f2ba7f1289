import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import type { Filter } from '../../domain/view/filter.ts'

/** The filters of the REST interface, as they come in: null says nothing. */
export type MirrorFilterInput = { readonly [Name in keyof Filter]: Filter[Name] | null }

export function mirrorFilter(input: MirrorFilterInput | null | undefined): Filter {
  if (!input) return {}
  const { requirement, scope, direction, necessity, tag, transport, port, owner, externalId } = input
  const { kind, family, status } = input
  return withoutUndefined({
    requirement: requirement ?? undefined,
    scope: scope ?? undefined,
    direction: direction ?? undefined,
    necessity: necessity ?? undefined,
    tag: tag ?? undefined,
    transport: transport ?? undefined,
    port: port ?? undefined,
    owner: owner ?? undefined,
    externalId: externalId ?? undefined,
    kind: kind ?? undefined,
    family: family ?? undefined,
    status: status ?? undefined
  })
}
