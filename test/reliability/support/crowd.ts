import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Asked, Told } from './crowd-process.ts'
import type { Teardown } from './report.ts'

/** Receivers in a process of their own: what they cost does not slow the sender, and what they hold is not measured as his. */
export interface Crowd {
  readonly urls: readonly string[]
  /** Forgets what came. The first event that should come now is the one after `after`; some are verified. */
  begin(expected: { readonly secrets: readonly string[]; readonly after: number }): Promise<void>
  told(): Promise<Told>
  /** Until so much came, or the time is over. */
  received(count: number, ms: number): Promise<Told>
}

const script = fileURLToPath(new URL('./crowd-process.ts', import.meta.url))

export async function openCrowd(t: Teardown, receivers: number): Promise<Crowd> {
  const child = fork(script)
  t.teardown(async () => {
    child.disconnect()
    await once(child, 'exit')
  })
  const ask = async (asked: Asked): Promise<Told> => {
    const answer = once(child, 'message')
    child.send(asked)
    // Sent by our own script.
    return (await answer)[0] as Told
  }
  const { urls } = await ask({ ask: 'open', receivers })
  return {
    urls,
    async begin(expected) {
      await ask({ ask: 'begin', ...expected })
    },
    told: () => ask({ ask: 'tell' }),
    async received(count, ms) {
      const end = performance.now() + ms
      for (;;) {
        const told = await ask({ ask: 'tell' })
        if (told.received >= count || performance.now() > end) return told
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }
}
