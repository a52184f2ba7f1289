import type { Slot } from '../../catalogue/cache.ts'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { idsOf } from '../../catalogue/mirror/mirror-ids.ts'
import { feedFacts, feedPins } from '../../catalogue/read/feed-parts.ts'
import type { CataloguePoint } from '../../catalogue/read/point.ts'
import { catalogueView } from '../../catalogue/read/resolved.ts'
import { endpointKey, endpointMirrorId } from '../../domain/mirror/mirror-id.ts'
import type { AsOf } from '../../domain/read/as-of.ts'
import type { FeedsAsOf, Resolve } from '../../domain/read/feeds-as-of.ts'
import { toldView } from '../../domain/reference/told-view.ts'
import type { CatalogueView, ViewEndpoint, ViewRequirement } from '../../domain/view/view.ts'

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
  readonly view: CatalogueView
  readonly pin: string
  readonly requirements: readonly RequirementNode[]
}

/** A catalogue as one operation reads it. */
export interface CatalogueRead extends Omit<CatalogueView, 'requirements' | 'revision'> {
  readonly __typename: 'Catalogue'
  readonly pin: string
  readonly point: CataloguePoint
  /** What had been published, as the operation asks for it. */
  readonly asOf: AsOf
  /** Whether it asks for feeds to be resolved; absent: it does not say. */
  readonly resolve?: Resolve
  /** The clock of the feeds, where they are resolved. */
  readonly feedsAsOf?: FeedsAsOf
  readonly tree: Tree
}

const trees: Slot<Tree> = {
  name: 'graphql view',
  bytes: ({ requirements }) => requirements.reduce((sum, { endpoints }) => sum + 1500 + endpoints.length * 700, 4000)
}

/** The tree of a catalogue at a point. */
export async function treeAt(catalogues: Catalogues, point: CataloguePoint): Promise<Tree> {
  const { revision, interval, feeds } = point
  const key = `${revision.catalogue}\n${revision.number}\n${interval.validFrom ?? ''}${feeds ? `\n${feedFacts(point)}` : ''}`
  const kept = catalogues.cache.get(trees, key)
  if (kept) return kept
  const view = toldView(await catalogueView(catalogues, point))
  const { standing } = await idsOf(catalogues, revision)
  const tree = treeOf(view, standing, feeds ? `@${feedPins(point).join(',')}` : '')
  catalogues.cache.set(trees, key, tree)
  return tree
}

/** `feeds`: names the revisions of the feeds that are resolved, if they are. */
function treeOf(view: CatalogueView, ids: ReadonlyMap<string, string>, feeds: string): Tree {
  const clocks = `@${view.revision.number}@${view.validFrom ?? ''}${feeds}`
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
