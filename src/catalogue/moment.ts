import type { Catalogues } from './catalogues.ts'

/** The catalogues as they are known at this moment: whatever is published while somebody reads, what they read stays of one piece. */
export function momentOf(catalogues: Catalogues): Catalogues {
  const { heads } = catalogues
  const [instant, seq, all] = [catalogues.now(), heads.seq, heads.all()]
  const known = new Map(all.map((head) => [head.revision.catalogue, head]))
  return {
    ...catalogues,
    now: () => instant,
    heads: {
      seq,
      all: () => all,
      get: (catalogue) => known.get(catalogue),
      refresh: () => heads.refresh(),
      onChange: (listener) => heads.onChange(listener)
    }
  }
}
