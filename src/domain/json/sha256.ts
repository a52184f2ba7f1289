import { createHash } from 'node:crypto'

/** `sha256:` and lower-case hex, of the UTF-8 bytes. */
export function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}
