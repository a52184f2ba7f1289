import t from 'tap'
import { PortolanError } from '../../src/domain/errors.ts'
import { AbandonedError } from '../../src/work/shared-job.ts'
import { ThreadPool, type ThreadPoolOptions } from '../../src/work/thread-pool.ts'

type Echo = {
  readonly input: unknown
  readonly threadId: number
  readonly runs: number
  readonly data: unknown
}
type Jobs = {
  readonly echo: (input: unknown) => Promise<Echo>
  readonly wait: (ms: number) => Promise<number>
  readonly spin: (input: null) => Promise<never>
  readonly refuse: (input: null) => Promise<never>
  readonly crash: (input: null) => Promise<never>
  readonly hoard: (input: null) => Promise<never>
}

interface Test {
  teardown(close: () => Promise<void>): void
}

function poolOf(t: Test, options: Partial<ThreadPoolOptions> = {}): ThreadPool<Jobs> {
  const script = new URL('support/jobs.mjs', import.meta.url)
  const all = { script, data: { name: 'test' }, threads: 2, queue: 4, deadlineMs: 10_000, heapMb: 64, ...options }
  const pool = new ThreadPool<Jobs>(all)
  t.teardown(() => pool.close())
  return pool
}

const codeOf = (code: string) => (error: unknown) => error instanceof PortolanError && error.code === code

async function failure(answer: Promise<unknown>): Promise<unknown> {
  return answer.then(
    () => undefined,
    (error: unknown) => error
  )
}

t.test('a job runs in a thread of its own, which is started when it is needed and with its data', async (t) => {
  const pool = poolOf(t)
  t.equal(pool.state.threads, 0)
  const answer = await pool.run('echo', { a: [1, 2] })
  t.match(answer, { input: { a: [1, 2] }, data: { name: 'test' } })
  t.not(answer.threadId, 0)
  t.equal(pool.state.counts.done, 1)
})

t.test('two who ask for the same at once get one answer; two who write get one each', async (t) => {
  const pool = poolOf(t)
  const [a, b] = await Promise.all([
    pool.run('echo', 'x', { shareAs: 'one' }),
    pool.run('echo', 'x', { shareAs: 'one' })
  ])
  t.equal(a, b)
  const [c, d] = await Promise.all([pool.run('echo', 'x'), pool.run('echo', 'x')])
  t.not(c, d)
  t.equal(pool.state.counts.done, 3)
})

t.test('an expected failure keeps its code, a bug stays a bug', async (t) => {
  const pool = poolOf(t)
  const refused = await failure(pool.run('refuse', null))
  t.ok(codeOf('guard_rail')(refused))
  t.match(refused, { message: 'refused', extra: { findings: [1] } })
  t.match(await failure(pool.run('crash', null)), { message: /a bug/ })
  t.notOk((await failure(pool.run('crash', null))) instanceof PortolanError)
})

t.test('what is not ready at its deadline ends, also where it never gives its thread back', async (t) => {
  const pool = poolOf(t, { threads: 1 })
  t.ok(codeOf('deadline_exceeded')(await failure(pool.run('spin', null, { deadlineMs: 300 }))))
  t.equal((await pool.run('echo', 1)).input, 1, 'the next job has a thread')
  t.match(pool.state.counts, { deadline: 1, done: 1 })
})

t.test('the time in the queue counts', async (t) => {
  const pool = poolOf(t, { threads: 1 })
  const first = failure(pool.run('spin', null, { deadlineMs: 600 }))
  t.ok(codeOf('deadline_exceeded')(await failure(pool.run('echo', 1, { deadlineMs: 200 }))))
  await first
})

t.test('the work stops when the last client has left, and not before', async (t) => {
  const pool = poolOf(t, { threads: 1 })
  const [one, other] = [new AbortController(), new AbortController()]
  const waiting = [one, other].map(({ signal }) => failure(pool.run('spin', null, { signal, shareAs: 'one' })))
  one.abort()
  t.ok((await waiting[0]) instanceof AbandonedError)
  t.equal(pool.state.counts.abandoned, 0, 'the other still waits')
  other.abort()
  t.ok((await waiting[1]) instanceof AbandonedError)
  t.equal((await pool.run('echo', 1)).input, 1)
  t.equal(pool.state.counts.abandoned, 1)
})

t.test('who asks after the last client has left gets an answer of its own', async (t) => {
  const pool = poolOf(t, { threads: 1 })
  const gone = new AbortController()
  const abandoned = failure(pool.run('wait', 400, { signal: gone.signal, shareAs: 'one' }))
  gone.abort()
  t.equal(await pool.run('wait', 400, { shareAs: 'one' }), 400)
  t.ok((await abandoned) instanceof AbandonedError)
})

t.test('a full queue refuses at once, and is no more full once a job is done', async (t) => {
  const pool = poolOf(t, { threads: 1, queue: 1 })
  const running = [pool.run('wait', 300), pool.run('wait', 1)]
  t.ok(codeOf('busy')(await failure(pool.run('echo', 1))))
  await Promise.all(running)
  t.equal((await pool.run('echo', 1)).input, 1)
  t.equal(pool.state.counts.busy, 1)
})

t.test('a job that takes more memory than a thread may have ends, and the process goes on', async (t) => {
  const pool = poolOf(t, { threads: 1, heapMb: 16 })
  t.ok(codeOf('busy')(await failure(pool.run('hoard', null))))
  t.equal((await pool.run('echo', 1)).input, 1)
})
