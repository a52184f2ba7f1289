import { lookup as systemLookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { buildConnector } from 'undici'
import { PortolanError } from '../domain/errors.ts'
import { isReached, type Listener } from '../domain/webhook/listener.ts'
import {
  addressFault,
  addressOf,
  checkUrl,
  type EgressPolicy,
  originFault,
  portOf
} from '../domain/webhook/receiver-url.ts'
import { openTunnel } from './proxy-tunnel.ts'

/** Resolves a name to all of its addresses. */
export type Lookup = (hostname: string) => Promise<readonly string[]>

/** Resolves names as the system does: the hosts file counts too. */
export const lookup: Lookup = async (hostname) =>
  (await systemLookup(hostname, { all: true, verbatim: true })).map(({ address }) => address)

/** The reason for which a connection was not made: its address is one that nothing may be sent to. */
export class EgressRefusal extends Error {
  readonly address: string
  readonly reason: string

  constructor(address: string, reason: string) {
    super(`${address} ${reason}`)
    this.name = 'EgressRefusal'
    this.address = address
    this.reason = reason
  }
}

/** How long `check` waits for a name to be resolved. */
const checkMs = 2000

export interface EgressOptions {
  readonly policy: EgressPolicy
  readonly lookup: Lookup
  /** How long a connection may take, in milliseconds. */
  readonly connectMs: number
  /** The addresses at which this service itself listens, once it does: nothing is sent there, whatever the policy allows. */
  readonly listeners?: () => readonly Listener[]
  /** The URL of the proxy through which all connections go. */
  readonly proxy?: string
  /** Certificates that are trusted instead of those of the system, as PEM. */
  readonly ca?: string
}

/** The guard of connections to receivers: it judges URLs and addresses, and makes the connections that it allows. */
export class Egress {
  readonly #options: EgressOptions

  constructor(options: EgressOptions) {
    this.#options = options
  }

  /**
   * Refuses the URL of a receiver that nothing may be sent to. A name that cannot be resolved now passes: each connection is judged again.
   * @throws PortolanError `egress_refused`
   */
  async check(text: string): Promise<void> {
    const { policy, lookup } = this.#options
    const checked = checkUrl(text, policy)
    if ('reason' in checked) throw egressRefused(text, checked.reason)
    const literal = addressOf(checked.url)
    const addresses = literal === undefined ? await inTime(lookup(checked.url.hostname)) : [literal]
    const port = portOf(checked.url)
    for (const address of addresses) {
      const reason = this.#fault(address, port)
      if (reason !== undefined) throw egressRefused(address, reason)
    }
  }

  /** Why nothing may be sent to an address and port, or undefined where it may. */
  #fault(address: string, port: number): string | undefined {
    const { policy, listeners } = this.#options
    const bound = (listeners?.() ?? []).filter((own) => own.port === port).map((own) => own.address)
    // The system is asked each time, since its addresses may change, but only if the port is one of ours.
    if (bound.length > 0 && isReached(address, bound, machineAddresses()))
      return `is this service itself, at port ${port}, which is never allowed`
    return addressFault(address, policy)
  }

  /**
   * Makes connections for undici. The `lookup` option of undici is not asked where the URL has an address, so the guard stands here: it
   * judges the literal, or every address that the name resolves to, connects to an address that it judged, and judges the peer of the
   * socket once more. Behind a proxy it judges the same addresses before, and the proxy chooses among those that it finds itself. `onConnect`
   * is called at each attempt.
   */
  connector(onConnect: () => void): buildConnector.connector {
    const { connectMs, ca, proxy } = this.#options
    const connect = buildConnector({ timeout: connectMs, allowH2: false, ...(ca !== undefined && { ca }) })
    const connectTo = (options: buildConnector.Options, address: string) =>
      new Promise<Connected>((resolve, reject) => {
        const servername = options.servername ?? (isIP(bareHost(options)) === 0 ? options.hostname : undefined)
        const target = { ...options, hostname: address, host: address, ...(servername !== undefined && { servername }) }
        connect(target, (error, socket) => {
          if (error || !socket) return reject(error ?? new Error('no socket'))
          const peer = socket.remoteAddress ?? ''
          const reason = this.#fault(peer, portOf(options))
          if (reason === undefined) return resolve(socket)
          socket.destroy()
          reject(new EgressRefusal(peer, reason))
        })
      })
    const connectThrough = async (options: buildConnector.Options, proxy: string) => {
      const tunnel = await openTunnel(proxy, options, connectMs)
      if (options.protocol !== 'https:') return tunnel
      return new Promise<Connected>((resolve, reject) => {
        connect({ ...options, httpSocket: tunnel }, (error, socket) => (socket ? resolve(socket) : reject(error)))
      })
    }
    const open = async (options: buildConnector.Options) => {
      const addresses = await this.#allowedAddresses(options)
      if (proxy !== undefined) return connectThrough(options, proxy)
      return firstOf(addresses, (address) => connectTo(options, address))
    }
    return (options, callback) => {
      onConnect()
      open(options).then(
        (socket) => callback(null, socket),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null)
      )
    }
  }

  /** The addresses of a receiver. All of them must be allowed. */
  async #allowedAddresses(options: buildConnector.Options): Promise<readonly string[]> {
    const { policy, lookup } = this.#options
    const bare = bareHost(options)
    // The subscription may be from a time when more was allowed.
    const fault = originFault({ protocol: options.protocol, port: options.port }, policy)
    if (fault !== undefined) throw new EgressRefusal(bare, fault)
    const addresses = isIP(bare) === 0 ? await lookup(bare) : [bare]
    for (const address of addresses) {
      const reason = this.#fault(address, portOf(options))
      if (reason !== undefined) throw new EgressRefusal(address, reason)
    }
    if (addresses.length === 0) throw new EgressRefusal(bare, 'has no address')
    return addresses
  }
}

/** What comes of the first address that takes the connection. */
async function firstOf(
  addresses: readonly string[],
  connectTo: (address: string) => Promise<Connected>
): Promise<Connected> {
  let last: unknown
  for (const address of addresses) {
    try {
      return await connectTo(address)
    } catch (error) {
      last = error
    }
  }
  throw last
}

type Connected = NonNullable<Parameters<buildConnector.Callback>[1]>

/** The host without brackets: undici gives an IPv6 address with them or without. */
function bareHost({ hostname }: buildConnector.Options): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

function machineAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address))
}

/** The addresses of a name; none where the look-up fails or takes too long. */
async function inTime(asked: Promise<readonly string[]>): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(() => resolve([]), checkMs)
  })
  try {
    return await Promise.race([asked.catch(() => []), late])
  } finally {
    clearTimeout(timer)
  }
}

function egressRefused(address: string, reason: string): PortolanError {
  return new PortolanError('egress_refused', `Nothing may be sent there: ${address} ${reason}.`, {
    extra: { address, reason }
  })
}
