/** What an answer of the service holds, as far as these tests look. */
interface Body {
  readonly id?: string
  readonly secret?: string
  readonly state?: string
  readonly cursor?: number
  readonly matched?: number
  readonly items?: readonly Body[]
  readonly page?: { readonly next: string | null }
  readonly seq?: number
  readonly catalogue?: string
  readonly title?: string
  readonly number?: number
  readonly code?: string
}

interface Answered {
  readonly status: number
  readonly etag: string | undefined
  readonly retryAfter: string | undefined
  readonly body: Body
}

export type Ask = (
  method: string,
  path: string,
  payload?: object,
  headers?: Readonly<Record<string, string>>
) => Promise<Answered>

/** Asks a service at an address with a key. */
export function clientOf(address: string, key: Readonly<Record<string, string>>): Ask {
  return async (method, path, payload, more = {}) => {
    const headers = { ...key, ...(payload && { 'content-type': 'application/json' }), ...more }
    const answer = await fetch(address + path, { method, headers, ...(payload && { body: JSON.stringify(payload) }) })
    const text = await answer.text()
    return {
      status: answer.status,
      etag: answer.headers.get('etag') ?? undefined,
      retryAfter: answer.headers.get('retry-after') ?? undefined,
      body: text === '' ? {} : JSON.parse(text)
    }
  }
}

/** A small document of a catalogue that a number changes. */
export function documentOf(id: string, turn: number): object {
  return {
    id,
    title: `Turn ${turn}`,
    vendor: 'Vendor',
    product: id,
    version: '1',
    edition: { label: String(turn), summary: `Turn ${turn}` },
    requirements: [
      {
        key: 'updates',
        title: 'Updates',
        scope: 'external',
        direction: 'outbound',
        necessity: 'required',
        services: [{ transport: 'tcp', ports: [443], application: 'https' }],
        endpoints: [{ kind: 'host', value: 'updates.example.net' }]
      }
    ]
  }
}

/** An active subscription: its secret. */
export async function subscribe(
  ask: Ask,
  url: string,
  more: object = {}
): Promise<{ readonly id: string; readonly secret: string }> {
  const made = await ask('POST', '/v1/subscriptions', { url, ...more })
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  const { id = '', secret = '' } = made.body
  await ask('POST', `/v1/subscriptions/${id}/activate`)
  return { id, secret }
}

/** Until every subscription, each of which wants all events, got them: false where that takes too long. */
export async function drained(ask: Ask, ms: number): Promise<boolean> {
  const end = performance.now() + ms
  for (;;) {
    const { body } = await ask('GET', '/v1/subscriptions?limit=1000')
    const newest = (await ask('GET', '/v1/events?limit=1000')).body.items?.at(-1)?.seq ?? 0
    const isDone = body.items?.every(({ cursor = 0, matched = 0 }) => cursor >= matched && matched >= newest)
    if (isDone) return true
    if (performance.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
