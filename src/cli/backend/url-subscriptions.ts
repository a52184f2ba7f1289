import { PortolanError } from '../../domain/errors.ts'
import type { RestClient } from './rest-client.ts'
import type { SubscriptionBackend } from './subscription-backend.ts'

/** The subscriptions of a service: those of the key that asks, or all of them for one with `admin`. */
export function urlSubscriptions(client: RestClient): SubscriptionBackend {
  return {
    list: () => client.items('/v1/subscriptions', {}),
    get: (id) => client.json(pathOf(id)),
    async create(input, owner) {
      if (owner !== undefined)
        throw new PortolanError('invalid_parameter', 'Over HTTP the owner is the key that asks: leave --owner out.')
      return client.send('POST', '/v1/subscriptions', input)
    },
    change: (id, patch) => client.send('PATCH', pathOf(id), patch),
    async delete(id) {
      await client.ask(pathOf(id), { method: 'DELETE' })
    },
    act: (id, action) => client.json(`${pathOf(id)}/${action}`, { method: 'POST' }),
    rotateSecret: (id, secret) =>
      client.send('POST', `${pathOf(id)}/rotate-secret`, secret === undefined ? {} : { secret }),
    replay: (id, range) => client.send('POST', `${pathOf(id)}/replay`, range),
    deliveries: (id, limit) => client.items(`${pathOf(id)}/deliveries`, { limit: Math.min(limit, 1000) }, limit),
    deadLetters: (id) => client.items(`${pathOf(id)}/dead-letters`, {}),
    async redrive(id, seqs) {
      const body = seqs === undefined ? {} : { seqs }
      const { redriven } = await client.send<{ readonly redriven: number }>(
        'POST',
        `${pathOf(id)}/dead-letters/redrive`,
        body
      )
      return redriven
    }
  }
}

function pathOf(id: string): string {
  return `/v1/subscriptions/${encodeURIComponent(id)}`
}
