/** The text of a cursor: its parts as JSON in base64url. Nothing in it is secret: a made-up cursor only asks another question. */
export function writeCursorText(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** The parts of a cursor; undefined where the text is not that of a list. Whether the parts fit is for the caller to check. */
export function readCursorText(text: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return Array.isArray(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/** Whether a part of a cursor is a whole number from 0 on that a double holds exactly. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
