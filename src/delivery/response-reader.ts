import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import type { Outcome } from '../domain/webhook/outcome.ts'

export type ReceiverResponse = Extract<Outcome, { kind: 'answered' }>

export class DeadlineError extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms / 1000} seconds`)
    this.name = 'DeadlineError'
  }
}

/** How much of a body is read, and for how long, so that its connection can be used again. */
const mostBytes = 65_536
export const mostBodyMs = 5000
/** How much of a body is kept for the log. */
const keptBytes = 4096

interface ReaderOptions {
  /** When the attempt began, by `performance.now()`. */
  readonly started: number
  readonly deadlineMs: number
  /** Ends the attempt. It is called where no status came in time. */
  giveUp(): void
}

/**
 * Reads one answer, without the stream that undici's `request` makes of each body: bodies of receivers are nearly always empty. The
 * outcome depends on the status alone, whatever happens to the body.
 */
export class ResponseReader implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: ReceiverResponse | Error) => void
  readonly #options: ReaderOptions
  readonly #kept: Buffer[] = []
  #timer: NodeJS.Timeout
  #status = 0
  #headers: IncomingHttpHeaders = {}
  #bytes = 0

  constructor(resolve: (answer: ReceiverResponse | Error) => void, options: ReaderOptions) {
    this.#resolve = resolve
    this.#options = options
    this.#timer = setTimeout(() => {
      options.giveUp()
      resolve(new DeadlineError(options.deadlineMs))
    }, options.deadlineMs)
  }

  /** Without this method undici takes the handler for one of its older kind. */
  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // An informational response: the final one follows.
    if (status < 200) return
    this.#status = status
    this.#headers = headers
    clearTimeout(this.#timer)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // undici itself gives up a body of which nothing comes. Most answers have none, and need no second timer.
    if (this.#bytes === 0) this.#limitBody(controller)
    // A copy, since undici uses the buffer again.
    if (this.#bytes < keptBytes) this.#kept.push(Buffer.from(chunk.subarray(0, keptBytes - this.#bytes)))
    this.#bytes += chunk.length
    if (this.#bytes > mostBytes) this.#stop(controller)
  }

  onResponseEnd(): void {
    this.#settle()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle(error)
  }

  #limitBody(controller: Dispatcher.DispatchController): void {
    const { started, deadlineMs } = this.#options
    const left = Math.min(started + deadlineMs - performance.now(), mostBodyMs)
    this.#timer = setTimeout(() => this.#stop(controller), left)
  }

  /** Reads no more of the body. undici then calls `onResponseError`. */
  #stop(controller: Dispatcher.DispatchController): void {
    controller.abort(new Error('the rest of the body is not read'))
  }

  #settle(error?: Error): void {
    clearTimeout(this.#timer)
    this.#resolve(this.#status === 0 ? (error ?? new Error('the answer ended without a status')) : this.#answer())
  }

  #answer(): ReceiverResponse {
    const retryAfter = textOf(this.#headers['retry-after'])
    return {
      kind: 'answered',
      status: this.#status,
      ...(retryAfter !== undefined && { retryAfter }),
      isDisabling: textOf(this.#headers['webhook-delivery'])?.trim().toLowerCase() === 'disable',
      // The bytes are untrusted: they become text without NUL, which PostgreSQL refuses.
      body: this.#bytes === 0 ? '' : Buffer.concat(this.#kept).toString('utf8').replaceAll('\0', '\ufffd'),
      durationMs: Math.round(performance.now() - this.#options.started)
    }
  }
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
