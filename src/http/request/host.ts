import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { PortolanError } from '../../domain/errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers under whatever name a probe uses: an orchestrator asks by the address of a machine. */
    answersAnyHost?: boolean
  }
}

/** `uri-host [":" port]` of RFC 9110 section 7.2, with names as they are used: letters, digits, hyphens, underscores and dots. */
const hostAndPort = /^(?:\[([0-9a-f:.]+)\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?)(?::([1-9]\d{0,4}))?$/i

/** Whether a text is a host, or a host and a port. */
function isHost(text: string): boolean {
  const match = text.length <= 255 ? hostAndPort.exec(text) : null
  if (!match) return false
  const [, literal, port] = match
  return (literal === undefined || isIPv6(literal)) && Number(port ?? 1) <= 65_535
}

/** The name in a host, without its port, as it is compared. */
function hostName(host: string): string {
  return host.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase()
}

/** The names that the service answers for; undefined: any. */
export function ownNames(hosts: readonly string[], publicUrl: string | undefined): ReadonlySet<string> | undefined {
  if (hosts.length === 0) return undefined
  const written = hosts.map((host) => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host))
  return new Set([...written, ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname])].map(hostName))
}

/**
 * Refuses a request whose Host is not one host, and one for a host that is not among `names`. Undefined: the service has no names of its own.
 * @throws PortolanError `bad_host`, `misdirected`
 */
export function requireOwnHost(
  { client, raw, routeOptions }: FastifyRequest,
  names: ReadonlySet<string> | undefined
): void {
  const isProbe = routeOptions.config?.answersAnyHost === true
  const { host } = raw.headers
  // A probe that speaks HTTP/1.0 names no host.
  if (host === undefined && isProbe && raw.httpVersion === '1.0') return
  if (host === undefined || !isHost(host) || !isHost(client.host))
    throw new PortolanError('bad_host', 'Host must name one host, with or without a port.')
  if (isProbe || !names || names.has(hostName(client.host))) return
  throw new PortolanError('misdirected', `This service does not answer for ${hostName(client.host)}.`)
}

/** The absolute form of a request target: what stands before the path, and the rest. */
const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/i

/**
 * Turns a target in absolute form (`GET http://host/path`) into the usual one. Its host counts in place of Host, RFC 9112 section 3.2.2; a
 * Host that is missing or broken stays as it is, to be refused.
 * @returns the target from its path on
 */
export function toOriginForm({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): string {
  const [, host, rest] = absoluteForm.exec(url) ?? []
  if (host === undefined || rest === undefined) return url
  if (headers.host !== undefined && isHost(headers.host)) headers.host = host
  return rest.startsWith('/') ? rest : `/${rest}`
}

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
