import type { FastifyRequest } from 'fastify'
import { clientNetwork } from '../../domain/network/client-network.ts'

/** Whose units and shares a request takes: those of its key, or else of its address. */
export interface Payer {
  readonly kind: 'key' | 'address'
  /** The id of the key, or the network of the address. */
  readonly id: string
}

/** A key that is not known is none, so a request with it pays as its address does. */
export function payerOf(request: FastifyRequest, key = request.key): Payer {
  return key ? { kind: 'key', id: key.id } : { kind: 'address', id: clientNetwork(request.client.address) }
}

export function payerName({ kind, id }: Payer): string {
  return `${kind} ${id}`
}
