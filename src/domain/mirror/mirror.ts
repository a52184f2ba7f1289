import type { Profile, RequirementFields } from '../document/document.ts'
import type { PortRange, Service } from '../network/network-service.ts'
import { portText } from '../network/port.ts'
import type { CatalogueView, RevisionRef, ViewEndpoint, ViewRequirement } from '../view/view.ts'
import { endpointKey, endpointMirrorId } from './mirror-id.ts'

/** The types of objects in a mirror, parents first. */
export const mirrorTypes = ['catalogue', 'requirement', 'endpoint'] as const
export type MirrorType = (typeof mirrorTypes)[number]

/** A catalogue without anything nested: references are objects with an `id`, as generic importers read them. */
export type FlatCatalogue = Profile & { readonly revision: RevisionRef }

export interface FlatRequirement extends RequirementFields {
  readonly id: string
  readonly catalogue: { readonly id: string }
  /** `tcp/80,tcp/8000-8100,icmp/8` */
  readonly servicesText: string
  /** `80,8000-8100`; absent where no service names ports. */
  readonly portsText?: string
}

type WithParents<T> = T extends unknown
  ? T & {
      readonly id: string
      readonly key: string
      readonly catalogue: { readonly id: string }
      readonly requirement: { readonly id: string; readonly key: string }
    }
  : never
export type FlatEndpoint = WithParents<ViewEndpoint>

interface Mirrored<Type extends MirrorType, Data> {
  readonly type: Type
  /** Never changes, and never names another object. */
  readonly id: string
  /** Names the object within its parent. The key of a requirement changes with a rename. */
  readonly key: string
  readonly parentKey?: string
  readonly data: Data
}

/** One object of a mirror, of which a client of the delta keeps a copy. */
export type MirrorObject =
  | Mirrored<'catalogue', FlatCatalogue>
  | Mirrored<'requirement', FlatRequirement>
  | Mirrored<'endpoint', FlatEndpoint>

/** The objects of one type in a view. `ids`: the ids of its requirements, by key. */
export function* mirrorOf(
  view: CatalogueView,
  ids: ReadonlyMap<string, string>,
  type: MirrorType
): Generator<MirrorObject> {
  switch (type) {
    case 'catalogue': {
      const { requirements: _, validFrom: __, validUntil: ___, ...data } = view
      yield { type, id: view.id, key: view.id, data }
      return
    }
    case 'requirement': {
      for (const requirement of view.requirements) {
        const id = idOf(ids, requirement)
        const data = flatRequirement(view.id, id, requirement)
        yield { type, id, key: requirement.key, parentKey: view.id, data }
      }
      return
    }
    case 'endpoint': {
      for (const requirement of view.requirements) {
        const parent = { id: idOf(ids, requirement), key: requirement.key }
        for (const endpoint of requirement.endpoints) {
          const data = flatEndpoint(view.id, parent, endpoint)
          yield { type, id: data.id, key: data.key, parentKey: parent.key, data }
        }
      }
      return
    }
    default:
      throw new Error(`unknown type ${type satisfies never}`)
  }
}

function idOf(ids: ReadonlyMap<string, string>, { key }: ViewRequirement): string {
  const id = ids.get(key)
  if (id === undefined) throw new Error(`requirement ${key} has no id`)
  return id
}

function flatRequirement(catalogue: string, id: string, requirement: ViewRequirement): FlatRequirement {
  // A mirror is of catalogues, so it says itself which one it is.
  const { endpoints: _, catalogue: __, ...fields } = requirement
  const ports = portsText(fields.services)
  return {
    id,
    catalogue: { id: catalogue },
    ...fields,
    servicesText: fields.services.flatMap(serviceTexts).join(','),
    ...(ports !== '' && { portsText: ports })
  }
}

function flatEndpoint(
  catalogue: string,
  parent: { readonly id: string; readonly key: string },
  endpoint: ViewEndpoint
): FlatEndpoint {
  const id = endpointMirrorId(parent.id, endpoint)
  const parents = { id, key: endpointKey(endpoint), catalogue: { id: catalogue }, requirement: parent }
  // Not a spread: V8 gives each object that is made by two spreads a hidden class of its own, which lives much longer than the object.
  return Object.assign(parents, endpoint)
}

/** A service as texts, one for each range of ports: `tcp`, `tcp/80`, `udp/8000-8100`, `icmp/8/0`. */
export function serviceTexts({ transport, ports, icmp }: Service): readonly string[] {
  if (icmp) return [[transport, icmp.type, icmp.code].filter((part) => part !== undefined).join('/')]
  return ports ? ports.map((range) => `${transport}/${portText(range)}`) : [transport]
}

/** The ports of some services as one text, each range once: `80,8000-8100`. */
export function portsText(services: readonly Service[]): string {
  const ranges = new Map<string, PortRange>()
  for (const { ports = [] } of services) for (const range of ports) ranges.set(portText(range), range)
  return [...ranges]
    .sort(([, a], [, b]) => a.from - b.from || a.to - b.to)
    .map(([text]) => text)
    .join(',')
}
