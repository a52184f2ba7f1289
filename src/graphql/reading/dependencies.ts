import type { Catalogues } from '../../catalogue/catalogues.ts'
import { type CataloguePoint, mementoInstant } from '../../catalogue/read/point.ts'
import { stampOf } from '../../catalogue/stamp.ts'
import { revisionKey } from '../../domain/history/revision.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { writtenInterval } from '../../domain/view/lifetime.ts'

/** A catalogue at the revision and instant at which an operation read it. */
export interface PointDependency {
  readonly catalogue: string
  readonly revision: number
  readonly label: string
  /** The newest event of the catalogue that is contained. */
  readonly seq: number
  /** RFC 3339. The instant lies inside the interval, so that with the revision it reads the same again, for good. */
  readonly effectiveAt: string
  readonly validFrom?: string
  readonly validUntil?: string
}

/** What the answer to one operation depends on. It tells how long the answer may be kept, and what was read at which time. */
export class Dependencies {
  readonly #catalogues: Catalogues
  readonly #points = new Map<string, PointDependency>()
  #validUntil: Instant = Number.MAX_SAFE_INTEGER
  #includesLog = false
  #mayBeKept = true
  #hasAbsence = false
  #readsFeeds = false

  /** `catalogues` are those of the snapshot that the operation reads. */
  constructor(catalogues: Catalogues) {
    this.#catalogues = catalogues
  }

  /** The answer depends on a catalogue at a point. */
  addPoint(point: CataloguePoint): void {
    const { revision, interval, isTimed } = point
    const effectiveAt = formatInstant(isTimed ? point.instant : mementoInstant(point))
    this.#points.set(`${revisionKey(revision)}\n${effectiveAt}`, {
      catalogue: revision.catalogue,
      revision: revision.number,
      label: revision.label,
      seq: point.seq,
      effectiveAt,
      ...writtenInterval(interval)
    })
    if (!isTimed) this.endAt(interval.validUntil)
  }

  /** The answer contains rows of feeds, which other catalogues publish. */
  addFeeds({ feeds }: Pick<CataloguePoint, 'feeds'>): void {
    if (feeds) this.#readsFeeds = true
  }

  /** The answer depends on the whole log: whatever is committed may change it. */
  addLog(): void {
    this.#includesLog = true
  }

  /**
   * Something is not there, as far as this process knows. The answer may say so only when the store was asked, and is never kept: another
   * process may have written it since.
   */
  addAbsence(): void {
    this.#hasAbsence = true
    this.#mayBeKept = false
  }

  /** The clock alone changes the answer at this instant; undefined: it never does. */
  endAt(instant: Instant | undefined): void {
    if (instant !== undefined) this.#validUntil = Math.min(this.#validUntil, instant)
  }

  /** The answer must not be kept: it changes with every second, or is only for the one who asked. */
  forbidKeeping(): void {
    this.#mayBeKept = false
  }

  /** The seq of the log in the snapshot. */
  get seq(): number {
    return this.#catalogues.heads.seq
  }

  /** The instant of the snapshot. */
  get instant(): Instant {
    return this.#catalogues.now()
  }

  /** The first instant at which the clock alone changes the answer. */
  get validUntil(): Instant {
    return this.#validUntil
  }

  /** The only catalogue that the answer depends on; undefined: there are several, or none. */
  get catalogue(): string | undefined {
    const [only, ...others] = new Set([...this.#points.values()].map(({ catalogue }) => catalogue))
    return this.#includesLog || this.#readsFeeds || others.length > 0 ? undefined : only
  }

  /** What had been committed in the snapshot. A later commit makes the answer old. */
  get stamp(): number {
    return stampOf(this.#catalogues, this.catalogue)
  }

  get includesLog(): boolean {
    return this.#includesLog
  }

  get hasAbsence(): boolean {
    return this.#hasAbsence
  }

  get mayBeKept(): boolean {
    return this.#mayBeKept
  }

  /** In a total order, since it is chance which field is answered first. */
  get points(): readonly PointDependency[] {
    return [...this.#points].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, point]) => point)
  }
}
