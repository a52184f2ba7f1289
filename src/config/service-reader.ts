import { readSealingKeys, type SealingKey } from '../domain/sealing.ts'
import { listOf, type Reader, wholeNumber } from './reader.ts'

export const listenedPort = wholeNumber(0, 65_535, 'a port from 1 to 65535, or 0 for a free one')

/** Undefined: no port of its own. */
export const metricsPort: Reader<number | undefined> = (text) =>
  text === '' ? { value: undefined } : listenedPort(text)

/** Days before a transition: the furthest first, each once. */
export const upcomingDays: Reader<readonly number[]> = (text) => {
  const days = listOf(wholeNumber(1, 3_650), 'whole numbers from 1 to 3650, separated by commas')(text)
  return 'expected' in days ? days : { value: [...new Set(days.value)].sort((a, b) => b - a) }
}

/** Undefined: none is given. */
export const sealingKeys: Reader<readonly SealingKey[] | undefined> = (text) => {
  const value = readSealingKeys(text)
  if (value === undefined && text !== '')
    return { expected: '32 bytes in base64 or hex, as `openssl rand -base64 32` prints them' }
  return { value }
}

/** Undefined: no limit. */
export const rateLimit: Reader<number | undefined> = (text) =>
  text === 'off' ? { value: undefined } : wholeNumber(1, 1_000_000_000, 'a whole number from 1, or off')(text)
