import type { Mark } from '../../domain/mirror/delta.ts'
import {
  bucketDigestSteps,
  digestSteps,
  type Ledger,
  ledgerLine,
  ledgerOf,
  type MirrorDigest,
  withEntries
} from '../../domain/mirror/ledger.ts'
import { type MirrorType, mirrorTypes } from '../../domain/mirror/mirror.ts'
import { type MirrorQuery, queryName } from '../../domain/mirror/mirror-query.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'
import { baseline } from './baseline.ts'
import { cataloguesAt, markNow, selectedHeads } from './catalogue-at-mark.ts'
import { entriesBetween } from './delta.ts'

type LedgerSources = Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>

interface KeptLedger {
  readonly mark: Mark
  readonly ledger: Ledger
}

const ledgers: Slot<KeptLedger> = {
  name: 'ledger',
  bytes: ({ ledger: { lines } }) => mirrorTypes.reduce((sum, type) => sum + lines[type].byteLength, 200)
}
const digests: Slot<MirrorDigest> = { name: 'mirror digest', bytes: () => 200 }

/** How many queries, the latest that clients asked for, are kept up to date at each publish. */
const mostFollowed = 8
/** How many lines are made before others have their turn. */
const linesAtOnce = 500

/**
 * The ledgers of what clients mirror, in the one cache. A ledger is made once from all objects, and then updated by the entries from mark to
 * mark, so that a digest costs what changed and one pass over the lines. The ledgers of recent queries are updated as soon as something is
 * published.
 */
export class Ledgers {
  readonly #catalogues: LedgerSources
  readonly #turns = new Map<string, Promise<unknown>>()
  readonly #recent = new Map<string, MirrorQuery>()

  constructor(catalogues: LedgerSources) {
    this.#catalogues = catalogues
    catalogues.heads.onChange(() => this.#follow())
  }

  /** The count and digest of all that a mirror holds at a mark. */
  async digestAt(query: MirrorQuery, mark: Mark): Promise<MirrorDigest> {
    const name = queryName(query)
    this.#recent.delete(name)
    this.#recent.set(name, query)
    const [oldest] = this.#recent.keys()
    if (this.#recent.size > mostFollowed && oldest !== undefined) this.#recent.delete(oldest)
    return this.#digestAt(query, mark)
  }

  async #digestAt(query: MirrorQuery, mark: Mark): Promise<MirrorDigest> {
    const { cache } = this.#catalogues
    const key = `${queryName(query)}\n${mark.seq}\n${mark.instant}`
    const kept = cache.get(digests, key)
    if (kept) return kept
    const digest = await runInSteps(digestSteps(await this.#ledgerAt(query, mark), query.types))
    cache.set(digests, key, digest)
    return digest
  }

  /** The count and digest of each of some buckets. */
  async bucketsAt(query: MirrorQuery, mark: Mark, buckets: number): Promise<readonly MirrorDigest[]> {
    return runInSteps(bucketDigestSteps(await this.#ledgerAt(query, mark), query.types, buckets))
  }

  /** The ledger at a mark. Requests with one filter wait for each other, so that a later one finds what an earlier one has made. */
  async #ledgerAt(query: MirrorQuery, mark: Mark): Promise<Ledger> {
    const name = ledgerName(query)
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(() => this.#makeLedger(query, mark, name))
    const settled = turn.catch(() => {})
    this.#turns.set(name, settled)
    try {
      return await turn
    } finally {
      if (this.#turns.get(name) === settled) this.#turns.delete(name)
    }
  }

  async #makeLedger({ types: _, ...query }: MirrorQuery, mark: Mark, name: string): Promise<Ledger> {
    const { cache } = this.#catalogues
    const kept = cache.get(ledgers, name)
    if (kept && kept.mark.seq === mark.seq && kept.mark.instant === mark.instant) return kept.ledger
    const all = { ...query, types: mirrorTypes }
    const ledger = kept
      ? withEntries(kept.ledger, await entriesBetween(this.#catalogues, all, kept.mark, mark))
      : await this.#ledgerOfAll(all, mark)
    // A page of an older round asks for an older mark. The newest ledger is kept, since it will be asked for next.
    if (!kept || kept.mark.seq < mark.seq || kept.mark.instant < mark.instant)
      cache.set(ledgers, name, { mark, ledger })
    return ledger
  }

  async #ledgerOfAll(query: MirrorQuery, mark: Mark): Promise<Ledger> {
    const heads = selectedHeads(this.#catalogues, query)
    const lines: Record<MirrorType, string[]> = { catalogue: [], requirement: [], endpoint: [] }
    let count = 0
    for await (const { object } of baseline(
      this.#catalogues,
      query,
      await cataloguesAt(this.#catalogues, heads, mark),
      mark
    )) {
      lines[object.type].push(ledgerLine(object))
      count += 1
      if (count % linesAtOnce === 0) await letOthersRun()
    }
    return ledgerOf(lines)
  }

  #follow(): void {
    const { heads, now, cache } = this.#catalogues
    for (const query of this.#recent.values()) {
      if (!cache.get(ledgers, ledgerName(query))) continue
      // Nobody waits for the result. The next request finds the ledger made, or meets the same failure.
      void this.#digestAt(query, markNow(selectedHeads({ heads }, query), now())).catch(() => {})
    }
  }
}

/** The name of a ledger. A ledger has all types, whichever of them are asked for. */
function ledgerName(query: MirrorQuery): string {
  return queryName({ ...query, types: mirrorTypes })
}

/** Runs a generator to its end, and lets others run between its steps. */
async function runInSteps<T>(work: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
    await letOthersRun()
  }
}

function letOthersRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
