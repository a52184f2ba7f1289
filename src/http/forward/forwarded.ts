import type { CountedEvent } from '../../catalogue/log-counters.ts'
import type { ErrorCode } from '../../domain/errors.ts'
import type { Key } from '../../domain/key.ts'
import type { PreparedAnswer } from '../answer/hot-answers.ts'
import type { PostAnswer } from '../answer/hot-posts.ts'
import type { EmptyPoll } from '../answer/send-point.ts'

/** A request that passed the gate, as a worker thread is given it. */
export interface ForwardedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** The base of links. */
  readonly base: string
  readonly requestId: string
  readonly key?: Key
  /** Why it may not write, where that is found out only by what it asks. */
  readonly writeRefusal?: { readonly code: ErrorCode; readonly detail: string }
}

/** What a thread makes of it: an answer that is kept and may be served again, or any other response. */
export type ForwardedAnswer = (
  | {
      readonly kind: 'prepared'
      readonly prepared: PreparedAnswer
      /** Absent if the client has the answer already. */
      readonly body?: Uint8Array
    }
  | {
      readonly kind: 'response'
      readonly status: number
      readonly headers: Readonly<Record<string, string | string[]>>
      readonly body: Uint8Array
      /** The same answer to a POST that changes nothing, if it may be served again. */
      readonly kept?: PostAnswer
    }
) & {
  /** A read that a client may wait for had nothing to say: when to read again. */
  readonly emptyPoll?: EmptyPoll
  /** The events that the request added to the log. */
  readonly logged?: readonly CountedEvent[]
  /** How often the publish was decided again. */
  readonly conflicts?: number
  /** The units that it would have taken of its client. */
  readonly units?: number
}

/** The jobs of the service's threads. */
export type ForwardJobs = {
  readonly request: (request: ForwardedRequest) => Promise<ForwardedAnswer>
}
