import { setImmediate as turn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Catalogues } from '../catalogue/catalogues.ts'
import { recordTransitions } from '../catalogue/event/transitions.ts'
import { recordSiteTransitions } from '../catalogue/site/site-transitions.ts'
import { PortolanError } from '../domain/errors.ts'
import type { NewEvent } from '../domain/event/event.ts'
import { nextSiteDue } from '../domain/event/site-transition.ts'
import { nextDue } from '../domain/event/transition.ts'
import { type ClockSuspicion, type WallClockState, wallClockStateAt } from '../domain/time/clock-jump.ts'
import { formatInstant, type Instant } from '../domain/time/instant.ts'
import type { Head, SiteHead } from '../store/store.ts'

/** The clock looks at least this often, to see a jump soon after it happens. */
const lookMs = 1000

export interface ClockOptions {
  readonly catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now' | 'random' | 'upcomingDays' | 'logCounters'>
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number
  /** How long the wall clock must be steady after a jump, in milliseconds. */
  readonly holdMs: number
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** What has events that the clock brings. */
interface Subject {
  readonly kind: 'catalogue' | 'site'
  readonly id: string
}

/** When the head of a catalogue or of a site next has an event that the clock brings; without an instant: never. */
interface NextEvent extends Subject {
  /** The number of the head. */
  readonly number: number
  readonly at?: Instant
}

/**
 * Logs the events that time alone brings: transitions at their instants, and notices that they are coming near. No read depends on it.
 * After a jump of the wall clock it logs nothing until that was steady for a while, or somebody confirms it.
 */
export class Clock {
  readonly #options: ClockOptions
  /** By kind and id. */
  readonly #nextEvents = new Map<string, NextEvent>()
  #wallClock: WallClockState | undefined
  #hasFailed = false
  #isClosed = false
  #timer: NodeJS.Timeout | undefined
  /** The look that is under way. */
  #looking: Promise<void> | undefined
  #stopListening: (() => void) | undefined

  constructor(options: ClockOptions) {
    this.#options = options
  }

  /** Why no event is logged; undefined: the wall clock is steady. */
  get suspicion(): ClockSuspicion | undefined {
    return this.#wallClock?.suspicion
  }

  /** How long the oldest event that is due is not in the log, in milliseconds. */
  get overdueMs(): number {
    return Math.max(0, this.#options.catalogues.now() - this.#nextAt())
  }

  /** How many catalogues and sites have an event that is due and not in the log. */
  get overdueCatalogues(): number {
    const now = this.#options.catalogues.now()
    let count = 0
    for (const { at } of this.#nextEvents.values()) if (at !== undefined && at <= now) count += 1
    return count
  }

  /** Looks at once, and then whenever an event is due, until `close`. */
  start(): void {
    const { heads } = this.#options.catalogues
    this.#stopListening = heads.onChange((changed, sites) => {
      this.#scheduleNew(changed, sites)
      this.#setTimer()
    })
    this.#scheduleNew(heads.all(), [...heads.moment.sites.values()])
    this.#setTimer()
  }

  /** Reads both clocks, and logs the events that are due. */
  async look(): Promise<void> {
    // A look that is under way may have begun before the caller knew of something, so another one follows.
    const looking = (this.#looking ?? Promise.resolve()).then(() => this.#logDue())
    this.#looking = looking
    await looking
    if (this.#looking !== looking) return
    this.#looking = undefined
    this.#setTimer()
  }

  /** Takes the word of somebody that the wall clock is right. */
  confirm(): void {
    const { catalogues, monotonic, log } = this.#options
    if (this.suspicion) log.info('the clock was confirmed')
    this.#wallClock = { ahead: catalogues.now() - monotonic() }
    this.#setTimer()
  }

  /** Resolves when a look that is under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopListening?.()
    this.#stopListening = undefined
    clearTimeout(this.#timer)
    await this.#looking
  }

  /** Schedules heads that are new here, from where they were recorded: which of their events are logged already is asked of the log. */
  #scheduleNew(heads: readonly Head[], sites: readonly SiteHead[]): void {
    const isNew = (subject: Subject, number: number) => this.#nextEvents.get(keyOf(subject))?.number !== number
    for (const { revision } of heads)
      if (isNew({ kind: 'catalogue', id: revision.catalogue }, revision.number))
        this.#schedule(revision, revision.recordedAt)
    for (const { revision } of sites)
      if (isNew({ kind: 'site', id: revision.site }, revision.number)) this.#schedule(revision, revision.recordedAt)
  }

  #schedule(revision: Head['revision'] | SiteHead['revision'], after: Instant): void {
    const [subject, at] =
      'site' in revision
        ? [{ kind: 'site', id: revision.site } as const, nextSiteDue(revision, after)]
        : [
            { kind: 'catalogue', id: revision.catalogue } as const,
            nextDue(revision, after, this.#options.catalogues.upcomingDays)
          ]
    this.#nextEvents.set(keyOf(subject), { ...subject, number: revision.number, ...(at !== undefined && { at }) })
  }

  /** The newest revision of a catalogue or of a site. */
  #newestOf({ kind, id }: Subject): Head['revision'] | SiteHead['revision'] | undefined {
    const { heads } = this.#options.catalogues
    return (kind === 'site' ? heads.site(id) : heads.get(id))?.revision
  }

  /** Sets the timer to the next event. A look that is under way does it at its end. */
  #setTimer(): void {
    if (!this.#stopListening || this.#looking !== undefined) return
    const { now, heads } = this.#options.catalogues
    const isWaiting = this.suspicion || this.#hasFailed || !heads.freshness.isClockTrusted
    const delay = isWaiting ? lookMs : Math.min(lookMs, this.#nextAt() - now())
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.look(), Math.max(0, delay)).unref()
  }

  /** When the next event is due; never: infinity. */
  #nextAt(): Instant {
    let next = Number.POSITIVE_INFINITY
    for (const { at } of this.#nextEvents.values()) if (at !== undefined && at < next) next = at
    return next
  }

  /** Reads both clocks: the wall clock, or undefined while it is suspect. */
  #steadyNow(): Instant | undefined {
    const { catalogues, monotonic, holdMs, log } = this.#options
    const wall = catalogues.now()
    const before = this.suspicion
    this.#wallClock = wallClockStateAt(this.#wallClock, { wall, monotonic: monotonic() }, holdMs)
    const { suspicion } = this.#wallClock
    if (suspicion && suspicion.jumpMs !== before?.jumpMs)
      log.warn(
        { jumpMs: suspicion.jumpMs, wall: formatInstant(wall), holdMs },
        'the clock jumped: no transition is logged'
      )
    else if (before && !suspicion) log.info('the clock is steady again')
    // A clock that is apart from that of the store would tell a transition before or after others do.
    return suspicion || !catalogues.heads.freshness.isClockTrusted ? undefined : wall
  }

  async #logDue(): Promise<void> {
    const failed = new Set<string>()
    // Each catalogue and site at an instant of its own: many of them take a while, and the clock may jump meanwhile.
    for (let now = this.#steadyNow(); now !== undefined; now = this.#steadyNow()) {
      const subject = this.#firstDue(now, failed)
      const revision = subject && this.#newestOf(subject)
      if (!subject || !revision || this.#isClosed) break
      if (!(await this.#logTransitions(subject, now))) {
        failed.add(keyOf(subject))
        continue
      }
      if (this.#newestOf(subject)?.number === revision.number) this.#schedule(revision, now)
      // On SQLite nothing above waits for anything: a midnight of many catalogues would hold up every reader and courier.
      await turn()
    }
    this.#hasFailed = failed.size > 0
  }

  /** False where it failed. */
  async #logTransitions({ kind, id }: Subject, now: Instant): Promise<boolean> {
    const { catalogues, log } = this.#options
    try {
      const events: readonly NewEvent[] =
        kind === 'site'
          ? await recordSiteTransitions(catalogues, id, now)
          : await recordTransitions(catalogues, id, now)
      for (const { type, effectiveAt, lateByMs } of events)
        log.info({ type, [kind]: id, effectiveAt: formatInstant(effectiveAt), lateByMs }, 'an event of the clock')
      return true
    } catch (err) {
      // That the store is away is said by those who watch it.
      if (!(err instanceof PortolanError && err.code === 'not_ready'))
        log.error({ err, [kind]: id }, 'the events that are due could not be logged')
      return false
    }
  }

  /** The catalogue or site whose event has been due for longest. */
  #firstDue(now: Instant, failed: ReadonlySet<string>): Subject | undefined {
    let first: { readonly subject: Subject; readonly at: Instant } | undefined
    for (const [key, { at, kind, id }] of this.#nextEvents)
      if (at !== undefined && at <= now && !failed.has(key) && (first === undefined || at < first.at))
        first = { subject: { kind, id }, at }
    return first?.subject
  }
}

function keyOf({ kind, id }: Subject): string {
  return `${kind} ${id}`
}
