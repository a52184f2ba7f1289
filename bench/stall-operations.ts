import { WebSocket } from 'undici'
import { formats } from './built.ts'
import { put } from './publish.ts'
import type { Service } from './service.ts'

/** What one client may ask for. Each turn asks for something that nobody has asked for before. */
export interface Operation {
  readonly what: string
  run(turn: number): Promise<void>
}

/** What the operations are tried on. */
export interface Target {
  readonly service: Service
  /** A catalogue of the size that is measured. */
  readonly catalogue: string
  /** One of as many rows as the largest public lists have. */
  readonly largest: string
  /** A key that may publish. */
  readonly key: string
  /** The next edition of a catalogue that is published meanwhile. */
  readonly nextEdition: () => { readonly id: string; readonly bytes: Buffer }
}

/** Everything that costs more than a little, each alone. */
export function operationsOn(target: Target): readonly Operation[] {
  const { service, catalogue, largest } = target
  const path = `/v1/catalogues/${catalogue}`
  // The second port selects nothing more: it makes the query another one.
  const fresh = (turn: number) => `port=443&port=${1 + (turn % 65_000)}`
  const read = (what: string, url: (turn: number) => string, accept = 'application/json'): Operation => ({
    what,
    run: (turn) => take(`${service.url}${url(turn)}`, { headers: { accept } })
  })
  return [
    ...formats.map(({ name }) =>
      read(`first rendering of ${name}`, (turn) => `${path}/exports/${name}?slice=all&aggregate=none&${fresh(turn)}`)
    ),
    read('exact aggregation', (turn) => `${path}/exports/edl-ip?slice=all&aggregate=exact&${fresh(turn)}`),
    read('budgeted aggregation', (turn) => `${path}/exports/edl-ip?slice=all&aggregate=budget:1&${fresh(turn)}`),
    read(
      'exact aggregation of the largest',
      (turn) => `/v1/catalogues/${largest}/exports/edl-ip?slice=all&aggregate=exact&${fresh(turn)}`
    ),
    read(
      'budgeted aggregation of the largest',
      (turn) => `/v1/catalogues/${largest}/exports/edl-ip?slice=all&aggregate=budget:1&${fresh(turn)}`
    ),
    read('first view', (turn) => `${path}?${fresh(turn)}`),
    read('all rows as CSV', (turn) => `${path}/endpoints?${fresh(turn)}`, 'text/csv'),
    read('all rows as lines', (turn) => `${path}/endpoints?${fresh(turn)}`, 'application/x-ndjson'),
    read('slices', (turn) => `${path}/slices?${fresh(turn)}`),
    read('diff of two revisions', (turn) => `${path}/diff?from=1&to=2&limit=${1 + (turn % 1000)}`),
    read('look-up of a port', (turn) => `/v1/lookup?value=tcp/443&limit=${1 + (turn % 1000)}`),
    read('look-up of a port that nothing has', (turn) => `/v1/lookup?value=tcp/${1 + (turn % 400)}`),
    read('look-up of all addresses', (turn) => `/v1/lookup?value=0.0.0.0/0&limit=${1 + (turn % 1000)}`),
    read('delta', (turn) => `/v1/delta?limit=1000&${fresh(turn)}`),
    read('delta as lines', (turn) => `/v1/delta?${fresh(turn)}`, 'application/x-ndjson'),
    read('digest', (turn) => `/v1/digest?${fresh(turn)}`),
    read('snapshot of endpoints', (turn) => `/v1/snapshot/endpoints?${fresh(turn)}`),
    { what: 'audit of 10,000 entries', run: (turn) => post(`${service.url}${path}/audit`, auditOf(turn)) },
    ...graphqlOperations(target),
    publishing(target)
  ]
}

/** Publishes one edition after another: two at once would refuse one of them. */
function publishing({ service, key, nextEdition }: Target): Operation {
  let last: Promise<void> = Promise.resolve()
  return {
    what: 'publish',
    run() {
      last = last.then(() => {
        const { id, bytes } = nextEdition()
        return put(service, key, id, bytes)
      })
      return last
    }
  }
}

function auditOf(turn: number): object {
  const octets = (place: number) => [20 + (turn % 100), place >> 16, (place >> 8) & 255, place & 255].join('.')
  return { entries: Array.from({ length: 10_000 }, (_, place) => octets(place)) }
}

function graphqlOperations({ service, catalogue }: Target): readonly Operation[] {
  const ask = (what: string, query: (turn: number) => string): Operation => ({
    what,
    run: (turn) => post(`${service.url}/graphql`, { query: query(turn) })
  })
  const endpoints = `endpoints(first: 1000) { nodes { value kind status } }`
  return [
    ask('GraphQL: a thousand endpoints', (turn) => `{ a${turn}: catalogue(id: "${catalogue}") { ${endpoints} } }`),
    ask(
      'GraphQL: down and up again',
      (turn) =>
        `{ a${turn}: catalogue(id: "${catalogue}") { requirements { nodes { endpoints { requirement { endpoints { value } } } } } } }`
    ),
    ask(
      'GraphQL: many fragments',
      (turn) =>
        `query { catalogues { nodes { ${words(49, (n) => `...f${n}`)} } } } ${words(49, (n) => `fragment f${n} on Catalogue { a${turn}: __typename }`)}`
    ),
    {
      what: 'GraphQL: a burst on a WebSocket',
      run: (turn) =>
        burst(
          service.url.replace('http', 'ws'),
          99,
          (n) => `{ a${turn}_${n}: catalogue(id: "${catalogue}") { ${endpoints} } }`
        )
    }
  ]
}

function words(count: number, word: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => word(index)).join(' ')
}

/** Sends many operations over one WebSocket at once, and waits until each is answered or the service has closed it. */
function burst(url: string, count: number, query: (index: number) => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}/graphql`, 'graphql-transport-ws')
    let answered = 0
    socket.onopen = () => socket.send('{"type":"connection_init"}')
    socket.onerror = () => reject(new Error('the WebSocket failed'))
    socket.onclose = () => resolve()
    socket.onmessage = ({ data }) => {
      const { type } = JSON.parse(String(data))
      if (type === 'connection_ack')
        for (let index = 0; index < count; index += 1)
          socket.send(JSON.stringify({ id: String(index), type: 'subscribe', payload: { query: query(index) } }))
      if (type === 'complete' || type === 'error') answered += 1
      if (answered === count) socket.close()
    }
  })
}

function post(url: string, body: object): Promise<void> {
  return take(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
}

/** Takes an answer whole. A service that refuses to do more is as it should be. */
async function take(url: string, options: RequestInit): Promise<void> {
  const answer = await fetch(url, options)
  const text = await answer.arrayBuffer()
  if (answer.status >= 500 && answer.status !== 503)
    throw new Error(`${url} was answered ${answer.status}: ${Buffer.from(text).toString().slice(0, 300)}`)
}
