import { diffsyncShape } from './diffsync.ts'
import { diodeShape } from './diode.ts'
import { infrahubShape } from './infrahub.ts'
import { netboxShape } from './netbox.ts'
import { servicenowShape } from './servicenow.ts'
import type { ShapedLists, Snapshot } from './snapshot.ts'

export const snapshotTypes = ['catalogues', 'requirements', 'endpoints'] as const
export type SnapshotType = (typeof snapshotTypes)[number]

interface Shape {
  /** The lists that contain the objects of each type. */
  readonly lists: Readonly<Record<SnapshotType, readonly string[]>>
  readonly shape: (snapshot: Snapshot) => ShapedLists
}

/** The one list of shapes, by the value of `shape=`. */
export const shapes = {
  flat: {
    lists: { catalogues: ['catalogues'], requirements: ['requirements'], endpoints: ['endpoints'] },
    shape: ({ catalogues, requirements, endpoints }) => ({ catalogues, requirements, endpoints })
  },
  netbox: {
    lists: { catalogues: [], requirements: ['service-templates'], endpoints: ['ip-addresses', 'prefixes'] },
    shape: netboxShape
  },
  diode: { lists: { catalogues: [], requirements: ['entities'], endpoints: ['entities'] }, shape: diodeShape },
  diffsync: {
    lists: { catalogues: ['catalogue'], requirements: ['requirement'], endpoints: ['endpoint'] },
    shape: diffsyncShape
  },
  infrahub: {
    lists: { catalogues: ['catalogues'], requirements: ['requirements'], endpoints: ['endpoints'] },
    shape: infrahubShape
  },
  servicenow: {
    lists: { catalogues: [], requirements: ['payloads'], endpoints: ['payloads'] },
    shape: servicenowShape
  }
} as const satisfies Readonly<Record<string, Shape>>

export type ShapeName = keyof typeof shapes
export const shapeNames = Object.keys(shapes) as ShapeName[] // the keys of a constant are its own names

/** A snapshot in a shape: the lists that contain the given types, even if they are empty. */
export function shapeSnapshot(name: ShapeName, types: readonly SnapshotType[], snapshot: Snapshot): ShapedLists {
  const { lists, shape }: Shape = shapes[name]
  const made = shape(snapshot)
  const wanted = new Set(types.flatMap((type) => lists[type]))
  return Object.fromEntries([...wanted].map((list) => [list, made[list] ?? []]))
}
