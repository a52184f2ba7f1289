import { PortolanError } from '../domain/errors.ts'
import type { Engine } from './engine/engine.ts'
import { withEngine } from './engine/with-engine.ts'
import type { FeedStore } from './feed-store.ts'
import {
  findEndpoints,
  findEndpointsIn,
  findEndpointsOf,
  findEndpointsWith,
  findRequirements,
  findUnaddressed,
  hasMoreRows,
  headRows,
  requirementsOf
} from './history/find.ts'
import { findHeads, findHeadsAt } from './history/head.ts'
import { findDocument, findDocumentPart, findRowsBetween } from './history/history.ts'
import {
  findRevision,
  findRevisionAt,
  findRevisionAtSeq,
  findRevisionByLabel,
  findRevisions
} from './history/revision.ts'
import { findProfile } from './history/rows.ts'
import { endpointsClosed, endpointsTouched, endpointsTurning, requirementsTouched } from './history/touched.ts'
import { addKey, endKey, findKeys, markKeysUsed, replaceKeySecret } from './key.ts'
import { fillChecksums } from './log/checksums.ts'
import { epochOf } from './log/epoch.ts'
import { countEvents, findEventSeqs, findEvents, findLoggedOnce, findNewestSeq, findPreviousSeq } from './log/log.ts'
import { commitPublication } from './log/publication.ts'
import { commitTransitions } from './log/transition-commit.ts'
import { claimFeed, findFeeds, findHeldDocument, holdFeed, writeFeed } from './polling/feed-row.ts'
import { sealSecrets } from './sealing.ts'
import { commitSite, commitSiteTransitions } from './site/site-commit.ts'
import {
  findSiteDocument,
  findSiteHeads,
  findSiteRevision,
  findSiteRevisionAt,
  findSiteRevisions
} from './site/site-row.ts'
import type { SiteStore } from './site-store.ts'
import { subscriptionStore } from './sql-subscription-store.ts'
import type { Store } from './store.ts'
import { beginFanOut } from './webhook/fan-out.ts'

/** The one implementation of the store. Each query is written once, in the file of its noun. */
export async function sqlStore(engine: Engine): Promise<Store> {
  const epoch = await epochOf(engine)
  await fillChecksums(engine)
  await sealSecrets(engine)
  await beginFanOut(engine)
  return {
    epoch,
    inTurn: (name, run) => engine.inTurn(name, run),
    async pulse() {
      const pulse = await engine.pulse()
      // A process that goes on would give the numbers of the one epoch under the name of the other.
      if (pulse.epoch !== undefined && pulse.epoch !== epoch)
        throw new PortolanError('not_ready', 'A backup was put back, and a new epoch began: start this process again.')
      return pulse
    },
    listen: (wake) => engine.listen(wake),
    lookMs: engine.lookMs,
    ...(engine.connections && { connections: engine.connections }),
    ...(engine.backedUpAt && { backedUpAt: engine.backedUpAt }),
    subscriptions: subscriptionStore(engine),
    feeds: withEngine<FeedStore>(engine, {
      all: findFeeds,
      claim: claimFeed,
      hold: holdFeed,
      write: writeFeed,
      heldDocument: findHeldDocument
    }),
    sites: withEngine<SiteStore>(engine, {
      heads: findSiteHeads,
      revision: findSiteRevision,
      revisionAt: findSiteRevisionAt,
      revisions: findSiteRevisions,
      document: findSiteDocument,
      commit: commitSite,
      commitTransitions: commitSiteTransitions
    }),
    close: () => engine.close(),
    ...withEngine<
      Omit<
        Store,
        | 'epoch'
        | 'inTurn'
        | 'pulse'
        | 'listen'
        | 'lookMs'
        | 'connections'
        | 'backedUpAt'
        | 'subscriptions'
        | 'feeds'
        | 'sites'
        | 'close'
      >
    >(engine, {
      seq: findNewestSeq,
      heads: findHeads,
      headsAt: findHeadsAt,
      revision: findRevision,
      revisionByLabel: findRevisionByLabel,
      revisionAt: findRevisionAt,
      revisionAtSeq: findRevisionAtSeq,
      revisions: findRevisions,
      document: findDocument,
      documentPart: findDocumentPart,
      profile: findProfile,
      rowsBetween: findRowsBetween,
      findEndpoints,
      findEndpointsOf,
      findEndpointsIn,
      findEndpointsWith,
      findUnaddressed,
      hasMoreRows,
      headRows,
      findRequirements,
      requirementsOf,
      requirementsTouched,
      endpointsTouched,
      endpointsClosed,
      endpointsTurning,
      commit: commitPublication,
      commitTransitions,
      loggedOnce: findLoggedOnce,
      events: findEvents,
      countEvents,
      eventSeqs: findEventSeqs,
      previousSeq: findPreviousSeq,
      keys: findKeys,
      addKey,
      rotateKey: replaceKeySecret,
      markKeysUsed,
      revokeKey: endKey
    })
  }
}
