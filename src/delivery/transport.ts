import type { Outcome } from '../domain/webhook/outcome.ts'

/** One request to a receiver. */
export interface WebhookRequest {
  readonly subscription: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The network, as the couriers see it. It never throws: whatever happens is an outcome. */
export interface WebhookTransport {
  send(request: WebhookRequest): Promise<Outcome>
  /** Gives up what is under way. */
  close(): Promise<void>
}
