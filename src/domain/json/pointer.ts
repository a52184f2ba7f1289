/** One reference token of a JSON Pointer (RFC 6901), escaped and with its slash: `/requirements`, `/a~1b`. */
export function pointerTo(token: string | number): string {
  return typeof token === 'number' ? `/${token}` : `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** The reference tokens of a JSON Pointer, as they were before they were escaped. */
export function tokensOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}
