import { createHash } from 'node:crypto'

/** The SHA-256 of the UTF-8 bytes of a text, as `sha256:` and lower-case hex. */
export function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}
