import type { FastifyRequest } from 'fastify'

/**
 * Whether a browser sent a request for a page of another origin: scheme, host and port are compared. `Sec-Fetch-Site` says it itself, and
 * `Origin` names the page; a request with neither comes from no page. `publicUrl` is the service's own, as the client's base is.
 */
export function isForeign(
  { client, headers }: Pick<FastifyRequest, 'client' | 'headers'>,
  publicUrl?: string
): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  const { origin } = headers
  if (origin === undefined) return false
  const asked = originOf(origin)
  return asked === undefined || (asked !== originOf(client.base) && asked !== originOf(publicUrl))
}

/** Undefined for what is no URL, as the opaque origin `null`. */
function originOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined
}
