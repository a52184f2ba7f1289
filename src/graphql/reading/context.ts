import type { Catalogues } from '../../catalogue/catalogues.ts'
import type { Followers } from '../../catalogue/event/followers.ts'
import { frozenHeads } from '../../catalogue/frozen-heads.ts'
import type { Ledgers } from '../../catalogue/mirror/ledgers.ts'
import { narrowedTo } from '../../catalogue/narrowed.ts'
import type { SubscriptionContext } from '../../catalogue/webhook/subscriptions.ts'
import type { PortolanError } from '../../domain/errors.ts'
import type { Key } from '../../domain/key.ts'

import { Dependencies } from './dependencies.ts'
import { Memory } from './memory.ts'
import { ObjectCount } from './object-count.ts'
import type { CatalogueRead, Tree } from './tree.ts'

/** What all operations read and write. */
export interface Sources {
  readonly catalogues: Catalogues
  readonly ledgers: Ledgers
  readonly webhooks: SubscriptionContext
  readonly followers: Followers
}

/** Who sent an operation. */
export interface Caller {
  readonly key: Key | undefined
  /** Why a mutation is refused, whatever the key may do. Undefined: it is not. */
  readonly writeRefusal?: PortolanError | undefined
  /** Base of the links that are answered. */
  readonly base: string
  /**
   * Takes units of the client for work that is about to begin.
   * @throws PortolanError `rate_limited`
   */
  readonly charge: (units: number) => void
  /** Takes units for work that is done: it is never refused. */
  readonly settle: (units: number) => void
}

/** What one operation sees. */
export interface OperationSnapshot {
  /** The catalogues at one instant, each at one revision, whatever is published meanwhile. */
  readonly catalogues: Catalogues
  /** What the answer depends on so far. */
  readonly dependencies: Dependencies
  /** Catalogues that the operation has read, by id and clocks. */
  readonly reads: Map<string, Promise<CatalogueRead>>
  /** The same by the tree of their parts: the way from a part up to its catalogue. */
  readonly readsByTree: Map<Tree, CatalogueRead>
  /** What fields with arguments answered, and indexes. */
  readonly memory: Memory
}

/** What the resolvers of one operation share. */
export interface Context extends Sources, Caller {
  /** Replaced where the operation writes, so that what comes after a write in the operation sees it. */
  snapshot: OperationSnapshot
  readonly objects: ObjectCount
}

/** A key that is narrowed to catalogues sees no other. */
export function contextOf(sources: Sources, caller: Caller): Context {
  const catalogues = narrowedTo(caller.key?.catalogues, sources.catalogues)
  return { ...sources, ...caller, catalogues, snapshot: snapshotOf(catalogues), objects: new ObjectCount() }
}

function snapshotOf(live: Catalogues): OperationSnapshot {
  const catalogues = frozenHeads(live)
  return {
    catalogues,
    dependencies: new Dependencies(catalogues),
    reads: new Map(),
    readsByTree: new Map(),
    memory: new Memory()
  }
}

/** Takes a new snapshot after a write. The answer to a mutation is never kept. */
export function renewSnapshot(context: Context): void {
  context.snapshot = snapshotOf(context.catalogues)
  context.snapshot.dependencies.forbidKeeping()
}
