import type { Instant } from '../time/instant.ts'

/** Crockford's base 32. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * A ULID (github.com/ulid/spec): 10 characters of time, so that ids sort by when they were made, and 16 of randomness. `random`: 10
 * bytes.
 */
export function ulid(now: Instant, random: Uint8Array): string {
  let time = ''
  for (let rest = now, index = 0; index < 10; index += 1, rest = Math.floor(rest / 32))
    time = `${alphabet[rest % 32]}${time}`
  let bits = 0n
  for (const byte of random.subarray(0, 10)) bits = (bits << 8n) | BigInt(byte)
  let tail = ''
  for (let index = 0; index < 16; index += 1, bits >>= 5n) tail = `${alphabet[Number(bits & 31n)]}${tail}`
  return time + tail
}

/** `evt_` and a ULID: the id of an event of the log, or of a notice. `random`: 10 bytes. */
export function eventId(now: Instant, random: Uint8Array): string {
  return `evt_${ulid(now, random)}`
}
