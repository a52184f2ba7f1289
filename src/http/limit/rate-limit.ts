import { LRUCache } from 'lru-cache'
import { PortolanError } from '../../domain/errors.ts'
import { type BucketSize, filledBucket, msUntil, type TokenBucket, takeTokens } from '../../domain/token-bucket.ts'
import { type Payer, payerName } from './payer.ts'

/** How many payers have a bucket. One who was not seen for longest gets a new one. */
const mostBuckets = 50_000
const windowSeconds = 60

/** What a payer has left. */
export interface Standing {
  /** Whole units, never below zero. */
  readonly units: number
  /** In how many seconds the bucket is full, if nothing more is taken. */
  readonly fullInSeconds: number
}

/** The units of all payers: each has a bucket of the units of a minute, which fills evenly. */
export class RateLimit {
  readonly unitsPerMinute: number
  readonly #size: BucketSize
  readonly #now: () => number
  readonly #buckets = new LRUCache<string, TokenBucket>({ max: mostBuckets })
  /** Units that were taken, and requests that were refused, since the start. */
  readonly counts = { units: 0, refused: { key: 0, address: 0 } }

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(unitsPerMinute: number, now: () => number = () => performance.now()) {
    this.unitsPerMinute = unitsPerMinute
    this.#size = { most: unitsPerMinute, perSecond: unitsPerMinute / windowSeconds }
    this.#now = now
  }

  /** The value of the header field `RateLimit-Policy`, draft-ietf-httpapi-ratelimit-headers-10. */
  get policy(): string {
    return `"default";q=${this.unitsPerMinute};w=${windowSeconds}`
  }

  /** How many payers are remembered. */
  get payers(): number {
    return this.#buckets.size
  }

  /**
   * Takes units before the work. What costs more than a whole bucket needs a full one, and is paid off afterwards.
   * @throws PortolanError `rate_limited`; `extra.retryAfter` says in how many seconds there are enough.
   */
  charge(payer: Payer, units: number): Standing {
    const bucket = filledBucket(this.#buckets.get(payerName(payer)), this.#now(), this.#size)
    const waitMs = msUntil(bucket.tokens, Math.min(units, this.#size.most), this.#size)
    if (waitMs === 0) return this.settle(payer, units)
    this.counts.refused[payer.kind] += 1
    const retryAfter = Math.ceil(waitMs / 1000)
    const who = payer.kind === 'key' ? 'key' : 'address'
    throw new PortolanError(
      'rate_limited',
      `This costs ${units} units, and this ${who} has ${Math.max(0, Math.floor(bucket.tokens))} left of ${this.unitsPerMinute} a minute. Try again in ${retryAfter} s.`,
      { extra: { retryAfter } }
    )
  }

  /** Takes units that are known only after the work, or, below zero, gives some back. Nobody owes more than a whole bucket. */
  settle(payer: Payer, units: number): Standing {
    const name = payerName(payer)
    const { most } = this.#size
    const { bucket } = takeTokens(this.#buckets.get(name), this.#now(), this.#size, units)
    const tokens = Math.min(most, Math.max(-most, bucket.tokens))
    this.#buckets.set(name, { ...bucket, tokens })
    this.counts.units += units
    return this.#standing(tokens)
  }

  /** What a payer has now. */
  standing(payer: Payer): Standing {
    return this.#standing(filledBucket(this.#buckets.get(payerName(payer)), this.#now(), this.#size).tokens)
  }

  #standing(tokens: number): Standing {
    const fullInSeconds = Math.ceil(msUntil(tokens, this.#size.most, this.#size) / 1000)
    return { units: Math.max(0, Math.floor(tokens)), fullInSeconds }
  }
}
