import type { Slot } from '../../catalogue/cache.ts'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { idsOf } from '../../catalogue/mirror/mirror-ids.ts'
import { loadDocument } from '../../catalogue/read/document.ts'
import type { Point } from '../../catalogue/read/point.ts'
import { endpointKey, endpointMirrorId } from '../../domain/mirror/mirror-id.ts'
import type { AsOf } from '../../domain/read/as-of.ts'
import { type View, type ViewEndpoint, type ViewRequirement, viewAt } from '../../domain/view/view.ts'

/** The ids of a part of a view. */
interface Named<Type extends string> {
  readonly __typename: Type
  readonly id: string
  readonly pin: string
  readonly mirrorId: string
}

/** An endpoint of a view, with its ids and its requirement. */
export type EndpointNode = ViewEndpoint &
  Named<'Endpoint'> & {
    readonly key: string
    readonly requirement: RequirementNode
  }

/** A requirement of a view, with its ids and the tree that it stands in. */
export interface RequirementNode extends Omit<ViewRequirement, 'endpoints'>, Named<'Requirement'> {
  readonly endpoints: readonly EndpointNode[]
  readonly tree: Tree
}

/** A view, with the ids of its parts. It is the same for all reads inside the interval of the view, so it is kept. */
export interface Tree {
  readonly view: View
  readonly pin: string
  readonly requirements: readonly RequirementNode[]
}

/** A catalogue as one operation reads it. */
export interface CatalogueRead extends Omit<View, 'requirements' | 'revision'> {
  readonly __typename: 'Catalogue'
  readonly pin: string
  readonly point: Point
  /** What had been published, as the operation asks for it. */
  readonly asOf: AsOf
  readonly tree: Tree
}

const trees: Slot<Tree> = {
  name: 'graphql view',
  bytes: ({ requirements }) => requirements.reduce((sum, { endpoints }) => sum + 1500 + endpoints.length * 700, 4000)
}

/** The tree of a catalogue at a point. */
export async function treeAt(catalogues: Catalogues, { revision, instant, interval }: Point): Promise<Tree> {
  const key = `${revision.catalogue}\n${revision.number}\n${interval.validFrom ?? ''}`
  const kept = catalogues.cache.get(trees, key)
  if (kept) return kept
  const view = viewAt(await loadDocument(catalogues, revision), revision, instant)
  const { standing } = await idsOf(catalogues, revision)
  const tree = treeOf(view, standing)
  catalogues.cache.set(trees, key, tree)
  return tree
}

function treeOf(view: View, ids: ReadonlyMap<string, string>): Tree {
  const clocks = `@${view.revision.number}@${view.validFrom ?? ''}`
  const requirements: RequirementNode[] = []
  const tree: Tree = { view, pin: view.id + clocks, requirements }
  for (const row of view.requirements) requirements.push(requirementNode(row, ids.get(row.key) ?? '', clocks, tree))
  return tree
}

function requirementNode(row: ViewRequirement, mirrorId: string, clocks: string, tree: Tree): RequirementNode {
  const id = `${tree.view.id}/${mirrorId}`
  const endpoints: EndpointNode[] = []
  const node: RequirementNode = { ...row, __typename: 'Requirement', id, pin: id + clocks, mirrorId, endpoints, tree }
  for (const endpoint of row.endpoints) endpoints.push(endpointNode(endpoint, node, clocks))
  return node
}

function endpointNode(row: ViewEndpoint, requirement: RequirementNode, clocks: string): EndpointNode {
  const mirrorId = endpointMirrorId(requirement.mirrorId, row)
  const id = `${requirement.id}/${mirrorId}`
  return { ...row, __typename: 'Endpoint', id, pin: id + clocks, mirrorId, key: endpointKey(row), requirement }
}
