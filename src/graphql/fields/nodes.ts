import { findSubscription } from '../../catalogue/webhook/subscriptions.ts'
import { PortolanError } from '../../domain/errors.ts'
import { hasScope } from '../../domain/key.ts'
import { readCatalogue } from '../reading/catalogue-read.ts'
import type { Context } from '../reading/context.ts'
import { revisionNode } from '../reading/revision-node.ts'
import type { SourceTypes } from '../reading/source-types.ts'
import { subscriptionNode } from '../reading/subscription-node.ts'
import type { SomeResolvers } from '../resolvers.ts'

const mostIds = 1000

/** The types that implement `Node`. */
type NodeType = 'Catalogue' | 'Requirement' | 'Endpoint' | 'Revision' | 'WebhookSubscription'

export const nodeFields = {
  Query: {
    node: (_, { id }, context) => objectNode(context, id),
    nodes: (_, { ids }, context) => {
      checkIds('ids', ids)
      return Promise.all(ids.map((id) => objectNode(context, id)))
    }
  }
} satisfies SomeResolvers<'Query', 'node' | 'nodes'>

/** @throws PortolanError `invalid_parameter` */
export function checkIds(name: string, { length }: readonly unknown[]): void {
  if (length > mostIds)
    throw new PortolanError('invalid_parameter', `${name} has ${length}, which is more than ${mostIds}.`)
}

/** The object of an id, as it is now. */
export async function objectNode(context: Context, id: string): Promise<SourceTypes[NodeType] | undefined> {
  const { dependencies } = context.snapshot
  dependencies.addLog()
  const found = await findObject(context, id)
  if (!found) dependencies.addAbsence()
  return found
}

/** The ids: `sub_…`, `CATALOGUE`, `CATALOGUE@NUMBER`, `CATALOGUE/req_…` or `CATALOGUE/req_…/ep_…`. */
async function findObject(context: Context, id: string): Promise<SourceTypes[NodeType] | undefined> {
  if (id.startsWith('sub_')) return subscriptionOf(context, id)
  const [slug = '', number] = id.split('@')
  if (number !== undefined) return revisionOf(context, slug, number)
  const [catalogue = '', requirement, endpoint, ...rest] = id.split('/')
  const { heads } = context.snapshot.catalogues
  if (!heads.get(catalogue) || rest.length > 0) return undefined
  const read = await readCatalogue(context, catalogue, { asOf: { kind: 'newest' } })
  if (requirement === undefined) return read
  const found = byMirrorId(context, read.tree.requirements).get(requirement)
  return endpoint === undefined || !found ? found : byMirrorId(context, found.endpoints).get(endpoint)
}

/** The parts of a tree by their ids: an operation may ask for thousands of them. */
function byMirrorId<Part extends { readonly mirrorId: string }>(
  { snapshot: { memory } }: Context,
  parts: readonly Part[]
): ReadonlyMap<string, Part> {
  return memory.once(parts, 'by mirrorId', () => new Map(parts.map((part) => [part.mirrorId, part])))
}

async function revisionOf({ snapshot: { catalogues } }: Context, catalogue: string, text: string) {
  const head = catalogues.heads.get(catalogue)?.revision
  const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0
  if (!head || number < 1 || number > head.number) return undefined
  const revision = number === head.number ? head : await catalogues.store.revision(catalogue, number)
  return revision && revisionNode(revision)
}

/** Nobody finds the subscription of another key. */
async function subscriptionOf({ webhooks, key, snapshot: { dependencies } }: Context, id: string) {
  dependencies.forbidKeeping()
  if (!key || !hasScope(key, 'subscriptions:write')) return undefined
  const found = await findSubscription(webhooks, key, id)
  return found && subscriptionNode(found, webhooks.now())
}
