import t from 'tap'
import { LastingThread } from '../../src/work/lasting-thread.ts'

/** What the thread of these tests tells. */
interface Told {
  readonly number: number
}

/** Tells its number at once, and adds to it what it is asked; asked for `crash` it fails. */
const script = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, workerData } from 'node:worker_threads'
    let { number } = workerData
    parentPort.postMessage({ number })
    parentPort.on('message', (asked) => {
      if (asked === 'crash') throw new Error('it crashed')
      if (asked === 'stop') return parentPort.close()
      number += asked
      parentPort.postMessage({ number })
    })
  `)}`
)

/** A thread that begins with 1, what it told, and why it ended. */
function startThread(t: { teardown(close: () => Promise<void>): void }) {
  const heard: number[] = []
  const crashes: unknown[] = []
  let hear = () => {}
  const thread = new LastingThread<number | 'crash', Told>({
    script,
    data: { number: 1 },
    heapMb: 64,
    youngMb: 16,
    onTold({ number }) {
      heard.push(number)
      hear()
    },
    onCrash(error) {
      crashes.push(error)
    }
  })
  t.teardown(() => thread.close())
  thread.start()
  return {
    thread,
    crashes,
    heard,
    /** Until it told so many times. */
    async told(times: number) {
      while (heard.length < times) await new Promise<void>((resolve) => (hear = resolve))
    }
  }
}

t.test('a thread does what it is asked, and closing waits for its end', async (t) => {
  const { thread, heard, told } = startThread(t)
  await told(1)
  t.equal(thread.isDown, false)
  thread.ask(4)
  await told(2)
  t.strictSame(heard, [1, 5])
  await thread.close()
  t.equal(thread.isDown, true)
  t.equal(thread.restarts, 0)
  thread.ask(1)
  await thread.close()
})

t.test('a thread that ends by itself says why, and is started again as it was', async (t) => {
  const { thread, crashes, heard, told } = startThread(t)
  await told(1)
  thread.ask(4)
  thread.ask('crash')
  await told(3)
  t.strictSame(heard, [1, 5, 1])
  t.match(crashes, [{ message: 'it crashed' }])
  t.equal(thread.restarts, 1)
  t.equal(thread.isDown, false)
})

t.test('a thread that is closed while it is down stays so', async (t) => {
  const { thread, crashes, heard, told } = startThread(t)
  await told(1)
  thread.ask('crash')
  while (crashes.length === 0) await new Promise((resolve) => setImmediate(resolve))
  t.equal(thread.isDown, true)
  await thread.close()
  t.strictSame(heard, [1])
})
