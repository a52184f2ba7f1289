import type { Catalogues } from '../catalogues.ts'
import { feedUrlsOf } from './feed-parts.ts'

/** How many rows of endpoints a catalogue may have in all of its history so that its answers are made within a few milliseconds. */
const mostSmallRows = 300
/** The same for all catalogues together. */
const mostSmallCatalogues = 20

/** The most catalogues of a site whose answers are made within a few milliseconds. */
const mostSmallTaken = 5

type Sources = Pick<Catalogues, 'store' | 'heads' | 'cache'>

/** Knows which reads cost so little that they need no thread. What it knows of a catalogue holds until its next revision. */
export class CatalogueSizes {
  readonly #sources: Sources
  readonly #known = new Map<string, { readonly number: number; readonly isSmall: boolean }>()

  constructor(sources: Sources) {
    this.#sources = sources
  }

  async isSmall(catalogue: string): Promise<boolean> {
    const { heads, store } = this.#sources
    const number = heads.get(catalogue)?.revision.number
    // A catalogue that is not there costs nothing.
    if (number === undefined) return true
    const known = this.#known.get(catalogue)
    if (known?.number === number) return known.isSmall
    const isSmall = !(await store.hasMoreRows(catalogue, mostSmallRows))
    this.#known.set(catalogue, { number, isSmall })
    return isSmall
  }

  /** Whether the feeds to which a small catalogue refers are small, too. */
  async areFeedsSmall(catalogue: string): Promise<boolean> {
    const { heads } = this.#sources
    const revision = heads.get(catalogue)?.revision
    if (!revision) return true
    for (const url of await feedUrlsOf(this.#sources, revision))
      for (const feed of heads.moment.byFeed.get(url) ?? []) if (!(await this.isSmall(feed))) return false
    return true
  }

  /** Whether the catalogues that a site takes, and the feeds to which they refer, are few and small. */
  async isSiteSmall(site: string): Promise<boolean> {
    const taken = this.#sources.heads.site(site)?.document.catalogues ?? []
    if (taken.length > mostSmallTaken) return false
    for (const { id } of taken) if (!(await this.isSmall(id)) || !(await this.areFeedsSmall(id))) return false
    return true
  }

  /** Whether a read over all catalogues is small. */
  async areAllSmall(): Promise<boolean> {
    const all = this.#sources.heads.all()
    if (all.length > mostSmallCatalogues) return false
    for (const { revision } of all) if (!(await this.isSmall(revision.catalogue))) return false
    return true
  }
}
