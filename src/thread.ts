import { setPriority } from 'node:os'
import { workerData } from 'node:worker_threads'
import { pino } from 'pino'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import { buildApp } from './app.ts'
import { type CountedEvent, LogCounters } from './catalogue/log-counters.ts'
import type { ConfiguredFeed } from './catalogue/polling/feed-folder.ts'
import { type FetchedList, type TakenIn, takeIn } from './catalogue/polling/take-in.ts'
import type { Config } from './config/config.ts'
import { Egress, lookup } from './delivery/egress.ts'
import type { TrustedDocuments } from './graphql/operation/trusted-documents.ts'
import { Capture } from './http/forward/capture.ts'
import type { ForwardJobs } from './http/forward/forwarded.ts'
import { openCatalogues } from './open-catalogues.ts'
import { evaluateExpression } from './work/expression.ts'
import { buffersIn, replyOf } from './work/thread.ts'
import type { JobReply } from './work/work.ts'

/** What a thread is started with. */
export interface ThreadData {
  readonly config: Config
  readonly documents: TrustedDocuments
  readonly feeds: readonly ConfiguredFeed[]
}

/** The jobs of the service's threads. */
export type ThreadJobs = ForwardJobs & {
  /** Takes a list into the catalogue of its feed. The answer has the events that it logged. */
  readonly takeIn: (list: FetchedList) => Promise<TakenIn & { readonly logged: readonly CountedEvent[] }>
}

/** How much later than the loop a thread gets the processor, where there is one for both. */
const niceness = 10

async function startThread({ config, documents, feeds }: ThreadData): Promise<ThreadJobs> {
  // On Linux a priority is that of a thread, elsewhere that of the whole process.
  if (process.platform === 'linux') setPriority(niceness)
  const log = pino({ level: config.logLevel })
  const { catalogues, keys } = await openCatalogues(config, { now: () => Date.now(), log })
  const capture = new Capture()
  const app = await buildApp(
    {
      catalogues: { ...catalogues, logCounters: capture.logCounters },
      keys,
      readAccess: config.readAccess,
      log,
      readiness: { isReady: true },
      clock: { suspicion: undefined, overdueMs: 0, overdueCatalogues: 0, confirm() {} },
      receivers: new Egress({ policy: config.egress, lookup, connectMs: 5000 }),
      graphql: { ...config.graphql, hasGraphiql: false, documents },
      hasPages: config.hasPages,
      feeds
    },
    capture
  )
  await app.ready()
  return {
    async request(request) {
      // What the loop knows of must be known here.
      await catalogues.heads.refresh()
      return capture.answer(app, request)
    },
    async takeIn(list) {
      const logged: CountedEvent[] = []
      const logCounters = new LogCounters((events) => {
        logged.push(...events.map(({ type, lateByMs }) => ({ type, lateByMs })))
      })
      return { ...(await takeIn({ ...catalogues, logCounters }, list, evaluateExpression)), logged }
    }
  }
}

// The pool has started this thread with it.
const jobs = startThread(workerData as ThreadData)

/** What the pool calls for each job. */
export async function answerJob({
  name,
  input
}: {
  readonly name: string
  readonly input: unknown
}): Promise<JobReply> {
  const reply = await replyOf(await jobs, name, input)
  const buffers = 'value' in reply ? buffersIn(reply.value) : []
  if (buffers.length === 0) return reply
  // The pool unpacks it: what arrives is the reply, with its bytes handed over instead of copied.
  return move({ [transferableSymbol]: buffers, [valueSymbol]: reply } as never) as unknown as JobReply
}
