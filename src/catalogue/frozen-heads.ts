import type { Catalogues } from './catalogues.ts'

/** The catalogues as they are known at this moment, with a clock that stands still. A read of several steps sees one state with them. */
export function frozenHeads(catalogues: Catalogues): Catalogues {
  const { heads } = catalogues
  const instant = catalogues.now()
  const { moment } = heads
  return {
    ...catalogues,
    now: () => instant,
    heads: {
      moment,
      freshness: heads.freshness,
      seq: moment.seq,
      all: () => moment.all,
      get: (catalogue) => moment.byId.get(catalogue),
      site: (site) => moment.sites.get(site),
      refresh: () => heads.refresh(),
      onChange: (listener) => heads.onChange(listener)
    }
  }
}
