import { setTimeout as pause } from 'node:timers/promises'

/** Looks again until something holds; it fails after a time that no working service needs. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`within ${seconds} seconds it did not come to this: ${what}`)
    await pause(50)
  }
}
