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

/** Resolves a name to all of its addresses. */
export type Lookup = (hostname: string) => Promise<readonly string[]>

/** As the system does: the hosts file counts too. */
export const lookup: Lookup = async (hostname) =>
  (await systemLookup(hostname, { all: true, verbatim: true })).map(({ address }) => address)

/** A connection that was not made, since its address is one that nothing may be sent to. */
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

/** How long a check at creation waits for a name. */
const checkMs = 2000

export interface EgressOptions {
  readonly policy: EgressPolicy
  readonly lookup: Lookup
  readonly connectMs: number
  /** Where this service itself listens, once it does: nothing is sent there, whatever the policy allows. */
  readonly listeners?: () => readonly Listener[]
  /** Certificates to be trusted, instead of those of the system. */
  readonly ca?: string
}

/** What connections to receivers are made by. */
export class Egress {
  readonly #options: EgressOptions

  constructor(options: EgressOptions) {
    this.#options = options
  }

  /**
   * Whether a receiver may be asked at all. A name that cannot be resolved now passes: it is judged again at each connection.
   * @throws PortolanError `egress_refused`
   */
  async check(text: string): Promise<void> {
    const { policy, lookup } = this.#options
    const checked = checkUrl(text, policy)
    if ('reason' in checked) throw refused(text, checked.reason)
    const literal = addressOf(checked.url)
    const addresses = literal === undefined ? await patient(lookup(checked.url.hostname)) : [literal]
    const port = portOf(checked.url)
    for (const address of addresses) {
      const reason = this.#fault(address, port)
      if (reason !== undefined) throw refused(address, reason)
    }
  }

  /** Why nothing may be sent to an address and port, or undefined where it may. */
  #fault(address: string, port: number): string | undefined {
    const { policy, listeners } = this.#options
    const bound = (listeners?.() ?? []).filter((own) => own.port === port).map((own) => own.address)
    // Asked of the system only then: its addresses may change.
    if (bound.length > 0 && isReached(address, bound, machineAddresses()))
      return `is this service itself, at port ${port}, which is never allowed`
    return addressFault(address, policy)
  }

  /**
   * Connects for undici. Its own `lookup` option is not asked for addresses in the URL, so the guard stands here: it judges the literal,
   * or every address that the name resolves to, connects to an address that it judged, and judges the peer of the socket once more.
   * `onConnect` is told of each attempt.
   */
  connector(onConnect: () => void): buildConnector.connector {
    const { connectMs, ca } = this.#options
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
    return (options, callback) => {
      onConnect()
      this.#connectAny(options, connectTo).then(
        (socket) => callback(null, socket),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null)
      )
    }
  }

  /** The first address that takes the connection; all must be allowed. */
  async #connectAny(
    options: buildConnector.Options,
    connectTo: (options: buildConnector.Options, address: string) => Promise<Connected>
  ): Promise<Connected> {
    const { policy, lookup } = this.#options
    const bare = bareHost(options)
    // It may have been made when more was allowed.
    const fault = originFault({ protocol: options.protocol, port: options.port }, policy)
    if (fault !== undefined) throw new EgressRefusal(bare, fault)
    const addresses = isIP(bare) === 0 ? await lookup(bare) : [bare]
    for (const address of addresses) {
      const reason = this.#fault(address, portOf(options))
      if (reason !== undefined) throw new EgressRefusal(address, reason)
    }
    let last: unknown = new EgressRefusal(bare, 'has no address')
    for (const address of addresses) {
      try {
        return await connectTo(options, address)
      } catch (error) {
        last = error
      }
    }
    throw last
  }
}

type Connected = NonNullable<Parameters<buildConnector.Callback>[1]>

/** An IPv6 address comes with brackets or without. */
function bareHost({ hostname }: buildConnector.Options): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

function machineAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address))
}

/** No address where none comes in time. */
async function patient(asked: Promise<readonly string[]>): Promise<readonly string[]> {
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

function refused(address: string, reason: string): PortolanError {
  return new PortolanError('egress_refused', `Nothing may be sent there: ${address} ${reason}.`, {
    extra: { address, reason }
  })
}
