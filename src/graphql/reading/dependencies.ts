import type { Catalogues } from '../../catalogue/catalogues.ts'
import { mementoInstant, type Point } from '../../catalogue/read/point.ts'
import { stampOf } from '../../catalogue/stamp.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'

/** A catalogue as an operation read it. */
export interface PointDependency {
  readonly catalogue: string
  readonly revision: number
  readonly label: string
  /** The newest event of the catalogue that is contained. */
  readonly seq: number
  /** RFC 3339; an instant inside the interval: together with the revision it reads the same again, for good. */
  readonly effectiveAt: string
  readonly validFrom?: string
  readonly validUntil?: string
}

/** What the answer to one operation depends on: how long it may be kept, and what it says of the time of its read. */
export class Dependencies {
  readonly #moment: Catalogues
  readonly #points = new Map<string, PointDependency>()
  #until: Instant = Number.MAX_SAFE_INTEGER
  #isOfAll = false
  #isFresh = false

  constructor(moment: Catalogues) {
    this.#moment = moment
  }

  /** The seq of the log at which the operation began. */
  get seq(): number {
    return this.#moment.heads.seq
  }

  /** The instant at which it began. */
  get instant(): Instant {
    return this.#moment.now()
  }

  /** The clock alone changes the answer at this instant. */
  get until(): Instant {
    return this.#until
  }

  /** The only catalogue that the answer depends on; undefined: any. */
  get catalogue(): string | undefined {
    const [only, ...others] = new Set([...this.#points.values()].map(({ catalogue }) => catalogue))
    return this.#isOfAll || others.length > 0 ? undefined : only
  }

  /** What was committed when it was read: a later one makes the answer old. */
  get stamp(): number {
    return stampOf(this.#moment, this.catalogue)
  }

  /** It depends on the whole log. */
  get isOfAll(): boolean {
    return this.#isOfAll
  }

  /** The answer must not be kept. */
  get isFresh(): boolean {
    return this.#isFresh
  }

  /** In total order: which field was answered first is chance. */
  get points(): readonly PointDependency[] {
    return [...this.#points].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, point]) => point)
  }

  read(point: Point): void {
    const { revision, interval, isTimed } = point
    const { validFrom, validUntil } = interval
    const effectiveAt = formatInstant(isTimed ? point.instant : mementoInstant(point))
    this.#points.set(`${revision.catalogue}\n${revision.number}\n${effectiveAt}`, {
      catalogue: revision.catalogue,
      revision: revision.number,
      label: revision.label,
      seq: point.seq,
      effectiveAt,
      ...(validFrom !== undefined && { validFrom: formatInstant(validFrom) }),
      ...(validUntil !== undefined && { validUntil: formatInstant(validUntil) })
    })
    if (!isTimed) this.holdsUntil(validUntil)
  }

  readAll(): void {
    this.#isOfAll = true
  }

  /** Absent: for good. */
  holdsUntil(instant: Instant | undefined): void {
    if (instant !== undefined) this.#until = Math.min(this.#until, instant)
  }

  /** It moves with every second, or is only for who asked. */
  isNotKept(): void {
    this.#isFresh = true
  }
}
