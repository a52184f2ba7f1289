import { findSubscription } from '../../catalogue/webhook/subscriptions.ts'
import { PortolanError } from '../../domain/errors.ts'
import { hasScope } from '../../domain/key.ts'
import { readCatalogue } from '../reading/catalogue-read.ts'
import type { Context } from '../reading/context.ts'
import type { Resolvers } from '../reading/resolver.ts'
import type { CatalogueRead } from '../reading/tree.ts'
import { revisionNode } from './revisions.ts'
import { subscriptionNode } from './webhooks.ts'

const mostIds = 1000

export const nodeFields: Resolvers = {
  Query: {
    node: (_, { id }: { readonly id: string }, context) => objectNode(context, id),
    nodes: (_, { ids }: { readonly ids: readonly string[] }, context) => {
      checkIds('ids', ids)
      return Promise.all(ids.map((id) => objectNode(context, id)))
    }
  }
}

/** @throws PortolanError `invalid_parameter` */
export function checkIds(name: string, { length }: readonly unknown[]): void {
  if (length > mostIds) throw new PortolanError('invalid_parameter', `${name}: ${length} are more than ${mostIds}.`)
}

/** `sub_…`, `CATALOGUE`, `CATALOGUE@NUMBER`, `CATALOGUE/req_…` or `CATALOGUE/req_…/ep_…`, as it is now. */
export async function objectNode(context: Context, id: string): Promise<{ readonly __typename: string } | undefined> {
  context.snapshot.dependencies.addLog()
  if (id.startsWith('sub_')) return subscriptionOf(context, id)
  const [slug = '', number] = id.split('@')
  if (number !== undefined) return revisionOf(context, slug, number)
  const [catalogue = '', requirement, endpoint, ...rest] = id.split('/')
  const { heads } = context.snapshot.catalogues
  if (!heads.get(catalogue) || rest.length > 0) return undefined
  const read: CatalogueRead = await readCatalogue(context, catalogue, { asOf: { kind: 'newest' } })
  if (requirement === undefined) return read
  const found = read.tree.requirements.find(({ mirrorId }) => mirrorId === requirement)
  return endpoint === undefined ? found : found?.endpoints.find(({ mirrorId }) => mirrorId === endpoint)
}

async function revisionOf({ snapshot: { catalogues } }: Context, catalogue: string, text: string) {
  const head = catalogues.heads.get(catalogue)?.revision
  const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0
  if (!head || number < 1 || number > head.number) return undefined
  const revision = number === head.number ? head : await catalogues.store.revision(catalogue, number)
  return revision && revisionNode(revision)
}

/** Of another key, or without one, there is none. */
async function subscriptionOf({ webhooks, key, snapshot: { dependencies } }: Context, id: string) {
  dependencies.forbidKeeping()
  if (!key || !hasScope(key, 'subscriptions:write')) return undefined
  const found = await findSubscription(webhooks, key, id)
  return found && subscriptionNode(found, webhooks.now())
}
