import type { Catalogues } from '../../catalogue/catalogues.ts'
import type { Followers } from '../../catalogue/event/followers.ts'
import { frozenHeads } from '../../catalogue/frozen-heads.ts'
import type { Ledgers } from '../../catalogue/mirror/ledgers.ts'
import type { SubscriptionContext } from '../../catalogue/webhook/subscriptions.ts'
import type { Key } from '../../domain/key.ts'
import { Dependencies } from './dependencies.ts'
import type { CatalogueRead, Tree } from './tree.ts'

/** What all operations work with. */
export interface Sources {
  readonly catalogues: Catalogues
  readonly ledgers: Ledgers
  readonly subscribing: SubscriptionContext
  readonly followers: Followers
}

/** Who asks, and where links lead. */
export interface Caller {
  readonly key: Key | undefined
  /** Base of links. */
  readonly base: string
}

/** What the resolvers of one operation share. */
export interface Context extends Sources, Caller {
  /** The catalogues as they were when the operation began: it sees one revision and one instant of each. */
  readonly moment: Catalogues
  readonly dependencies: Dependencies
  /** Catalogues that it read already, by id and clocks. */
  readonly reads: Map<string, Promise<CatalogueRead>>
  /** The same by the view that was read: the way up from its parts. */
  readonly byTree: Map<Tree, CatalogueRead>
}

export function contextOf(sources: Sources, caller: Caller): Context {
  const moment = frozenHeads(sources.catalogues)
  return { ...sources, ...caller, moment, dependencies: new Dependencies(moment), reads: new Map(), byTree: new Map() }
}

/** What was just written is seen by all that comes after it in the operation. */
export function restartContext(context: Context): void {
  const { moment, dependencies, reads, byTree } = contextOf(context, context)
  dependencies.isNotKept()
  Object.assign(context, { moment, dependencies, reads, byTree })
}
