import type { Outcome } from '../domain/webhook/outcome.ts'

/** One request to a receiver. */
export interface WebhookRequest {
  readonly subscription: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The network, as couriers see it. */
export interface WebhookTransport {
  /** Never rejects: a failure is an outcome too. */
  send(request: WebhookRequest): Promise<Outcome>
  /** Gives up the requests that are under way. */
  close(): Promise<void>
}
