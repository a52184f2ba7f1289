/** One reference token of a JSON Pointer (RFC 6901), escaped and with its slash: `/requirements`, `/a~1b`. */
export function pointerTo(token: string | number): string {
  return typeof token === 'number' ? `/${token}` : `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
