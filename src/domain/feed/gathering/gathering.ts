import type { Instant } from '../../time/instant.ts'
import type { Fetched, Validators } from '../fetched.ts'

/** What a provider publishes beside a list, and the list is read with. */
export interface SourcePart {
  readonly name: string
  readonly bytes: Uint8Array
}

/** One URL to ask, conditionally where there are validators. */
export interface Question {
  readonly url: string
  readonly validators?: Validators
}

/** What came of asking a provider for a list, whichever URLs it took. */
export type Gathered =
  | (FetchedContent & {
      readonly parts?: readonly SourcePart[]
      /** Dates of the parts that are not after this instant are not taken. Absent: all are taken. */
      readonly datesAfter?: Instant
    })
  | Exclude<Fetched, FetchedContent>

type FetchedContent = Extract<Fetched, { kind: 'content' }>
type FetchFailure = Extract<Fetched, { kind: 'failed' }>

export interface GatherRequest {
  /** The URL of the list, as a person wrote it. */
  readonly url: string
  /** Of the answer that was accepted last. */
  readonly validators: Validators
  /** The token of the list in the head of its catalogue. */
  readonly headToken?: string
  /** By which a provider tells its callers apart: a GUID. */
  readonly requestId: string
  readonly at: Instant
}

/** The questions that a list takes, one after the other, each decided by the answers to those before it. It knows of no network. */
export type Gathering = Generator<Question, Gathered, Fetched>
export type Gather = (request: GatherRequest) => Gathering

/** Asks what a gathering wants to know. */
export async function askAll(
  gathering: Gathering,
  ask: (url: string, validators: Validators) => Promise<Fetched>
): Promise<Gathered> {
  let step = gathering.next()
  while (!step.done) step = gathering.next(await ask(step.value.url, step.value.validators ?? {}))
  return step.value
}

/** A list that is one answer of one URL. */
export function* gatherOne({ url, validators }: GatherRequest): Gathering {
  return yield { url, validators }
}

/** Asks for what has to be answered with content. */
export function* requireContent(url: string): Generator<Question, FetchedContent | FetchFailure, Fetched> {
  const fetched = yield { url }
  return fetched.kind === 'not_modified'
    ? { kind: 'failed', reason: 'the source says that nothing has changed, and nothing was known of it' }
    : fetched
}

export function notGathered(reason: string): FetchFailure {
  return { kind: 'failed', reason }
}
