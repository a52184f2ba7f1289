import { setImmediate as turn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Catalogues } from '../catalogue/catalogues.ts'
import { recordTransitions } from '../catalogue/event/transitions.ts'
import { nextDue } from '../domain/event/transition.ts'
import { type ClockSuspicion, type WallClockState, wallClockStateAt } from '../domain/time/clock-jump.ts'
import { formatInstant, type Instant } from '../domain/time/instant.ts'
import type { Head } from '../store/store.ts'

/** It looks at least so often, to see a jump soon after it happens. */
const lookMs = 1000

export interface ClockOptions {
  readonly catalogues: Catalogues
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number
  /** How long the wall clock must be steady after a jump. */
  readonly holdMs: number
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** When a head next has something to tell; without an instant never. */
interface Scheduled {
  readonly number: number
  readonly at?: Instant
}

/**
 * Tells what time alone brings: transitions at their instant, and that they are coming near. Nothing that is read depends on it. Where
 * the wall clock jumps it tells nothing until that was steady for a while, or somebody confirms it.
 */
export class Clock {
  readonly #options: ClockOptions
  readonly #schedule = new Map<string, Scheduled>()
  #steadiness: WallClockState | undefined
  #hasFailed = false
  #isClosed = false
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> | undefined
  #leave: (() => void) | undefined

  constructor(options: ClockOptions) {
    this.#options = options
  }

  /** Why nothing is told; undefined: the wall clock is steady. */
  get suspicion(): ClockSuspicion | undefined {
    return this.#steadiness?.suspicion
  }

  /** Looks at once, and then whenever something is due, until `close`. */
  start(): void {
    const { heads } = this.#options.catalogues
    this.#leave = heads.onChange((changed) => {
      this.#take(changed)
      this.#wind()
    })
    this.#take(heads.all())
    this.#wind()
  }

  /** One look: takes in where the clocks stand, and tells what is due. */
  async look(): Promise<void> {
    // One that is under way may have looked before the caller knew of something.
    const round = (this.#round ?? Promise.resolve()).then(() => this.#tellDue())
    this.#round = round
    await round
    if (this.#round !== round) return
    this.#round = undefined
    this.#wind()
  }

  /** Somebody says that the wall clock is right. */
  confirm(): void {
    const { catalogues, monotonic, log } = this.#options
    if (this.suspicion) log.info('the clock was confirmed')
    this.#steadiness = { ahead: catalogues.now() - monotonic() }
    this.#wind()
  }

  /** Once what is being told is written. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#leave?.()
    this.#leave = undefined
    clearTimeout(this.#timer)
    await this.#round
  }

  /** A revision that is new here begins where it was recorded: what of it was told before is asked of the log. */
  #take(heads: readonly Head[]): void {
    for (const { revision } of heads)
      if (this.#schedule.get(revision.catalogue)?.number !== revision.number)
        this.#reschedule(revision, revision.recordedAt)
  }

  #reschedule(revision: Head['revision'], after: Instant): void {
    const at = nextDue(revision, after, this.#options.catalogues.upcomingDays)
    this.#schedule.set(revision.catalogue, { number: revision.number, ...(at !== undefined && { at }) })
  }

  /** Sets the timer anew, unless a look is under way: that does it at its end. */
  #wind(): void {
    if (!this.#leave || this.#round !== undefined) return
    let next = Number.POSITIVE_INFINITY
    for (const { at } of this.#schedule.values()) if (at !== undefined && at < next) next = at
    const delay = this.suspicion || this.#hasFailed ? lookMs : Math.min(lookMs, next - this.#options.catalogues.now())
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.look(), Math.max(0, delay)).unref()
  }

  /** The wall clock, if it can be relied on. */
  #steadyNow(): Instant | undefined {
    const { catalogues, monotonic, holdMs, log } = this.#options
    const wall = catalogues.now()
    const before = this.suspicion
    this.#steadiness = wallClockStateAt(this.#steadiness, { wall, monotonic: monotonic() }, holdMs)
    const { suspicion } = this.#steadiness
    if (suspicion && suspicion.jumpMs !== before?.jumpMs)
      log.warn(
        { jumpMs: suspicion.jumpMs, wall: formatInstant(wall), holdMs },
        'the clock jumped: no transition is told'
      )
    else if (before && !suspicion) log.info('the clock is steady again')
    return suspicion ? undefined : wall
  }

  async #tellDue(): Promise<void> {
    const { catalogues, log } = this.#options
    const failed = new Set<string>()
    // Each at an instant of its own: many take a while, and the clock may jump meanwhile.
    for (let now = this.#steadyNow(); now !== undefined; now = this.#steadyNow()) {
      const catalogue = this.#firstDue(now, failed)
      const head = catalogue === undefined ? undefined : catalogues.heads.get(catalogue)
      if (!head || this.#isClosed) break
      const { revision } = head
      try {
        for (const { type, effectiveAt, lateByMs } of await recordTransitions(catalogues, revision.catalogue, now))
          log.info({ type, catalogue: revision.catalogue, effectiveAt: formatInstant(effectiveAt), lateByMs }, 'told')
      } catch (err) {
        log.error({ err, catalogue: revision.catalogue }, 'what is due could not be told')
        failed.add(revision.catalogue)
        continue
      }
      if (catalogues.heads.get(revision.catalogue)?.revision.number === revision.number) this.#reschedule(revision, now)
      // On SQLite nothing above waits for anything: a midnight of many catalogues would hold up every reader and courier.
      await turn()
    }
    this.#hasFailed = failed.size > 0
  }

  /** The catalogue that has waited longest. */
  #firstDue(now: Instant, failed: ReadonlySet<string>): string | undefined {
    let first: { readonly catalogue: string; readonly at: Instant } | undefined
    for (const [catalogue, { at }] of this.#schedule)
      if (at !== undefined && at <= now && !failed.has(catalogue) && (first === undefined || at < first.at))
        first = { catalogue, at }
    return first?.catalogue
  }
}
