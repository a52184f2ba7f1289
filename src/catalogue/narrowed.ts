import { PortolanError } from '../domain/errors.ts'
import { isPatternWithin, type Narrowing, namesCatalogue } from '../domain/narrowing.ts'
import type { EventFilter, Head, SiteHead, Store } from '../store/store.ts'
import type { Catalogues } from './catalogues.ts'
import { feedsIn, type HeadsMoment, type KnownHeads, sitesIn } from './heads.ts'

/**
 * The catalogues as somebody sees them who may touch only some: the others are as if they were not there. Without a narrowing they are given
 * back as they are. What use cases keep in the cache is about one catalogue, or has the narrowing in its key (`MirrorQuery`), and the clock
 * and the seq of the log are the same for everybody.
 */
export function narrowedTo(narrowing: Narrowing | undefined, catalogues: Catalogues): Catalogues {
  if (narrowing === undefined) return catalogues
  return {
    ...catalogues,
    narrowing,
    store: narrowedStore(narrowing, catalogues.store),
    heads: narrowedHeads(narrowing, catalogues.heads)
  }
}

function narrowedHeads(narrowing: Narrowing, heads: KnownHeads): KnownHeads {
  const seen = (all: readonly Head[]) => all.filter(({ revision }) => namesCatalogue(narrowing, revision.catalogue))
  // Who may not see all catalogues of a site may not see the site.
  const isSeen = ({ catalogues }: SiteHead) => catalogues.every((id) => namesCatalogue(narrowing, id))
  const seenSites = (sites: readonly SiteHead[]) => sites.filter(isSeen)
  return {
    get seq() {
      return heads.seq
    },
    get moment(): HeadsMoment {
      const { seq, all, sites } = heads.moment
      const named = seen(all)
      return {
        seq,
        all: named,
        byId: new Map(named.map((head) => [head.revision.catalogue, head])),
        byFeed: feedsIn(named),
        sites: sitesIn(seenSites([...sites.values()]))
      }
    },
    get: (catalogue) => (namesCatalogue(narrowing, catalogue) ? heads.get(catalogue) : undefined),
    all: () => seen(heads.all()),
    site(id) {
      const head = heads.site(id)
      if (!head || isSeen(head)) return head
      throw new PortolanError(
        'insufficient_scope',
        `The site ${id} takes catalogues that the key is not narrowed to, so it may not read the site.`
      )
    },
    freshness: heads.freshness,
    refresh: () => heads.refresh(),
    onChange: (listener) => heads.onChange((changed, sites) => listener(seen(changed), seenSites(sites)))
  }
}

/** Everything that the store finds across catalogues, without those that are not named. What is about one catalogue is asked for after its head. */
function narrowedStore(narrowing: Narrowing, store: Store): Store {
  const named = <Row extends { readonly catalogue: string }>(rows: readonly Row[]) =>
    rows.filter(({ catalogue }) => namesCatalogue(narrowing, catalogue))
  const within = <Filter extends EventFilter>(filter: Filter): Filter => ({
    ...filter,
    within: filter.within?.filter((pattern) => isPatternWithin(narrowing, pattern)) ?? narrowing
  })
  const headsOf = (heads: readonly Head[]) =>
    heads.filter(({ revision }) => namesCatalogue(narrowing, revision.catalogue))
  return {
    ...store,
    heads: async (afterSeq) => headsOf(await store.heads(afterSeq)),
    headsAt: async (point) => headsOf(await store.headsAt(point)),
    findEndpoints: async (query) => named(await store.findEndpoints(query)),
    findEndpointsIn: async (range, limit) => {
      const { rows, ...rest } = await store.findEndpointsIn(range, limit)
      return { rows: named(rows), ...rest }
    },
    findEndpointsOf: async (names) => named(await store.findEndpointsOf(named(names))),
    findUnaddressed: async () => named(await store.findUnaddressed()),
    findRequirements: async (names) => named(await store.findRequirements(names && named(names))),
    events: (query) => store.events(within(query)),
    countEvents: (query) => store.countEvents(within(query)),
    eventSeqs: (query) => store.eventSeqs(within(query)),
    previousSeq: (seq, filter) => store.previousSeq(seq, within(filter))
  }
}
