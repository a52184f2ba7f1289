import { Worker } from 'node:worker_threads'
import type { Document } from '../domain/document/document.ts'
import { type ErrorCode, type Fault, PortolanError } from '../domain/errors.ts'
import type { Revision } from '../domain/history/revision.ts'
import { toRows } from '../domain/history/rows.ts'
import { decide } from '../domain/publishing/decide.ts'
import type { Manuscript } from '../domain/publishing/draft.ts'
import type { Decision, PublishContext } from '../domain/publishing/publish.ts'

/**
 * A document with more bytes than this is read and judged in a thread, so that reads never wait for it. YAML takes about twenty times as
 * long to read as JSON.
 */
const threadBytes: Readonly<Record<Manuscript['notation'], number>> = { json: 1_048_576, yaml: 65_536 }

export interface DraftingRequest {
  readonly manuscript: Manuscript
  /** The head, whose document is loaded as a value to be judged at once, or as JSON to be sent to the thread. */
  readonly head?: {
    readonly revision: Revision
    readonly document: () => Promise<Document>
    readonly json: () => Promise<Uint8Array>
  }
  readonly context: PublishContext
}

export interface Drafted {
  readonly decision: Decision
  /** The canonical document, as a value, or from the thread as JSON. */
  readonly document?: Document | Uint8Array
}

/** A message to the thread. */
export interface Order {
  readonly id: number
  readonly manuscript: Manuscript
  readonly head?: { readonly revision: Revision; readonly json: Uint8Array }
  readonly context: PublishContext
}

/** A message from the thread. */
export type Reply = { readonly id: number } & (
  | { readonly decision: Decision; readonly json?: Uint8Array }
  | {
      readonly error: {
        readonly code: ErrorCode
        readonly detail: string
        readonly faults: readonly Fault[]
        readonly extra: PortolanError['extra']
      }
    }
  | { readonly crash: string }
)

/**
 * Makes the thread of the built service. A service that runs from its sources has none, since Node 20 loads no TypeScript in a thread:
 * then every document is judged at once.
 */
function builtThread(): (() => Worker) | undefined {
  if (!import.meta.url.endsWith('.js')) return undefined
  return () => new Worker(new URL('./drafting-worker.js', import.meta.url))
}

/**
 * Reads documents and decides what publishing them does. Small documents are judged at once, and large ones in a thread, which is started
 * when it is first needed.
 */
export class Drafting {
  readonly #makeThread: (() => Worker) | undefined
  #worker: Worker | undefined
  #next = 1
  readonly #waiting = new Map<number, { resolve(drafted: Drafted): void; reject(error: unknown): void }>()

  constructor(makeThread = builtThread()) {
    this.#makeThread = makeThread
  }

  async decide({ manuscript, head, context }: DraftingRequest): Promise<Drafted> {
    if (this.#makeThread && manuscript.bytes.byteLength > threadBytes[manuscript.notation]) {
      return this.#order(
        this.#makeThread,
        manuscript,
        head && { revision: head.revision, json: await head.json() },
        context
      )
    }
    return decide(head && { revision: head.revision, rows: toRows(await head.document()) }, manuscript, context)
  }

  #order(
    makeThread: () => Worker,
    manuscript: Manuscript,
    head: Order['head'],
    context: PublishContext
  ): Promise<Drafted> {
    const id = this.#next++
    const order: Order = { id, manuscript, ...(head && { head }), context }
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#thread(makeThread).postMessage(order)
    })
  }

  #thread(makeThread: () => Worker): Worker {
    if (this.#worker) return this.#worker
    const worker = makeThread()
    worker.unref()
    worker.on('message', (reply: Reply) => this.#settle(reply))
    const lost = (error: unknown) => {
      if (this.#worker === worker) this.#worker = undefined
      for (const { reject } of this.#waiting.values()) reject(error)
      this.#waiting.clear()
    }
    worker.on('error', lost)
    worker.on('exit', () => lost(new Error('the drafting thread ended')))
    this.#worker = worker
    return worker
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (!waiting) return
    if ('decision' in reply) waiting.resolve({ decision: reply.decision, ...(reply.json && { document: reply.json }) })
    else if ('crash' in reply) waiting.reject(new Error(reply.crash))
    else waiting.reject(new PortolanError(reply.error.code, reply.error.detail, reply.error))
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }
}
