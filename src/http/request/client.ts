import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent the request. */
    client: Client
  }
}

/** Who sent a request, and under which address the client reached the service. */
export interface Client {
  /** The client's IP address, of an IPv4 client always in the form of IPv4. Empty where the connection has ended. */
  readonly address: string
  /** The host that the client asked, and its port where it is not the usual one; as it was written. */
  readonly host: string
  /** The base of URLs as the client used them: scheme, host, port, and the path that a proxy takes away. */
  readonly base: string
  /** The path of that base, without a slash at its end; empty where the service is at the root. */
  readonly path: string
  readonly isSecure: boolean
}

/** Says whether what a proxy with this IP address says of a client counts. */
export type ProxyTrust = (address: string) => boolean

/** Trusts the proxies whose addresses lie in these CIDRs. Undefined for an empty list: then no field of a request is looked at. */
export function proxyTrust(cidrs: readonly string[]): ProxyTrust | undefined {
  if (cidrs.length === 0) return undefined
  const list = new BlockList()
  for (const cidr of cidrs) {
    const [network = '', length] = cidr.split('/')
    list.addSubnet(network, Number(length), familyOf(network))
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address))
}

/** The base of URLs as the client of a request used them: that of `clientOf`, found without the rest. */
export function clientBase(request: Pick<IncomingMessage, 'socket' | 'headers'>, trust?: ProxyTrust): string {
  return trust ? clientOf(request, trust).base : baseUrlOf('encrypted' in request.socket, request.headers.host ?? '')
}

/** The path of a base of URLs, without a slash at its end. */
export function pathOfBase<Base extends string | undefined>(
  base: Base
): Base extends string ? string : string | undefined
export function pathOfBase(base: string | undefined): string | undefined {
  return base === undefined ? undefined : new URL(base).pathname.replace(/\/$/, '')
}

/** Who sent a request. Fields that begin with `X-Forwarded-` count only where a trusted proxy sent them. */
export function clientOf({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>, trust?: ProxyTrust): Client {
  const peer = plainAddress(socket.remoteAddress ?? '')
  const isTls = 'encrypted' in socket
  if (!trust?.(peer)) {
    const { host = '' } = headers
    return { address: peer, host, base: baseUrlOf(isTls, host), path: '', isSecure: isTls }
  }
  const scheme = lastOf(headers['x-forwarded-proto'])?.toLowerCase()
  const isSecure = scheme === undefined ? isTls : scheme === 'https' || scheme === 'wss'
  const host = lastOf(headers['x-forwarded-host']) ?? headers.host ?? ''
  const prefix = lastOf(headers['x-forwarded-prefix']) ?? ''
  const path = isPath.test(prefix) ? prefix.replace(/\/$/, '') : ''
  return {
    address: addressBehind(peer, listed(headers['x-forwarded-for']), trust),
    host,
    base: baseUrlOf(isSecure, host) + path,
    path,
    isSecure
  }
}

/** A path of plain segments. A proxy that takes no path away says `/`. */
const isPath = /^(?:\/[\w.~-]+)*\/?$/

function baseUrlOf(isSecure: boolean, host: string): string {
  return `${isSecure ? 'https' : 'http'}://${host}`
}

/** The last address that is not that of a trusted proxy. Each proxy adds the one that it saw, so what stands before it is anybody's text. */
function addressBehind(peer: string, forwardedFor: readonly string[], trust: ProxyTrust): string {
  let address = peer
  for (const hop of [...forwardedFor].reverse()) {
    if (!trust(address)) break
    const next = plainAddress(hop)
    if (isIP(next) === 0) break
    address = next
  }
  return address
}

/** An address without the port and the brackets that some proxies write, and IPv4 without its IPv6 clothes. */
function plainAddress(text: string): string {
  const [, bracketed, dotted] = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text) ?? []
  return (bracketed ?? dotted ?? text).replace(/^::ffff:(?=\d+\.)/i, '')
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4'
}

function listed(field: string | readonly string[] | undefined): readonly string[] {
  return [field ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** What the nearest proxy wrote. */
function lastOf(field: string | readonly string[] | undefined): string | undefined {
  return listed(field).at(-1)
}
