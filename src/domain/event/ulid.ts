const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `evt_` and a ULID: 10 characters of time, 16 of randomness (10 bytes, given). */
export function eventId(now: number, random: Uint8Array): string {
  let time = ''
  for (let rest = now, index = 0; index < 10; index += 1, rest = Math.floor(rest / 32))
    time = `${alphabet[rest % 32]}${time}`
  let bits = 0n
  for (const byte of random.subarray(0, 10)) bits = (bits << 8n) | BigInt(byte)
  let tail = ''
  for (let index = 0; index < 16; index += 1, bits >>= 5n) tail = `${alphabet[Number(bits & 31n)]}${tail}`
  return `evt_${time}${tail}`
}
