import { setTimeout } from 'node:timers/promises'
import { alternate, timed } from './alternate.ts'
import { sqliteUrl } from './catalogues.ts'
import { milliseconds } from './figures.ts'
import { type Post, withPost } from './post.ts'
import type { Benchmark, Row, Run } from './row.ts'
import { withFolder } from './temporary-folder.ts'

const sizes = { full: { many: 10_000, pairs: 7, idleMs: 5000 }, quick: { many: 50, pairs: 1, idleMs: 200 } } as const
const few = 10

/** The cost of subscriptions that get no requests, and of a publish that matches all of them. */
export const subscriptions: Benchmark = (run) =>
  withFolder((folder) => {
    const { many } = sizes[run.size]
    run.say(`${many} subscriptions`)
    return withPost(`${sqliteUrl(folder)}.none`, [], (none) =>
      withPost(`${sqliteUrl(folder)}.few`, wantsOf(few), (inFew) =>
        withPost(sqliteUrl(folder), wantsOf(many), async (inMany) => [
          await idle(inMany, none, run),
          await wakeUp(inMany, inFew, run),
          await publishToAll(inMany, run)
        ])
      )
    )
  })

/** The first subscription is about a catalogue of its own, the others are about the same one. */
function wantsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => (index === 0 ? 'one' : 'all'))
}

async function idle(inMany: Post, none: Post, { size }: Run): Promise<Row> {
  const { many, pairs, idleMs } = sizes[size]
  // The work that the last subscription caused is done.
  await setTimeout(500)
  const before = [inMany.calls, none.calls]
  // All three are idle in this process at the same time, so processor time cannot be attributed: the calls of the store count.
  const elapsed = await timed(() => setTimeout(idleMs * pairs))
  const [calls, callsOfNone] = [inMany.calls - (before[0] ?? 0), none.calls - (before[1] ?? 0)]
  return {
    what: `${many.toLocaleString('en')} idle subscriptions against none: questions to the store in ${milliseconds(elapsed)}`,
    ours: String(calls),
    baseline: String(callsOfNone),
    figure: { value: (calls + 1) / (callsOfNone + 1), unit: 'x' },
    goal: { atMost: 1 }
  }
}

async function wakeUp(inMany: Post, inFew: Post, { size }: Run): Promise<Row> {
  const { many, pairs } = sizes[size]
  let calls = [0, 0]
  const wake = (post: Post, place: number) => async () => {
    const [began, before] = [performance.now(), post.calls]
    const wanted = post.sent + 1
    await post.publish('one')
    await post.settled()
    if (post.sent !== wanted) throw new Error(`${post.sent} requests instead of ${wanted}`)
    calls = calls.map((count, index) => (index === place ? post.calls - before : count))
    return post.sentAt - began
  }
  const { ours, baseline, figure } = await alternate(pairs, wake(inMany, 0), wake(inFew, 1))
  return {
    what: `from a publish that one of ${many.toLocaleString('en')} wants to its request, against one of ${few}`,
    ours: `${milliseconds(ours)}, ${calls[0]} questions`,
    baseline: `${milliseconds(baseline)}, ${calls[1]} questions`,
    figure,
    goal: { atMost: 2 }
  }
}

async function publishToAll(post: Post, { size }: Run): Promise<Row> {
  const { many, pairs } = sizes[size]
  let early = 0
  const publish = (catalogue: string) => async () => {
    const before = post.sent
    const took = await timed(() => post.publish(catalogue))
    early += post.sent - before
    await post.settled()
    return took
  }
  const { ours, baseline, figure } = await alternate(pairs, publish('all'), publish('nobody'))
  if (early > 0) throw new Error(`${early} requests before the publish returned`)
  return {
    what: `a publish that ${(many - 1).toLocaleString('en')} want, against one that none wants`,
    ours: milliseconds(ours),
    baseline: milliseconds(baseline),
    figure,
    goal: { atMost: 2 }
  }
}
