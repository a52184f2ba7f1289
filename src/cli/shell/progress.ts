import type { WorkProgress } from '../../store/progress.ts'
import type { Shell } from './shell.ts'

/** Milliseconds between two lines: more of them nobody can read. */
const pause = 100

/**
 * Does long work with a line on the standard error that says where it is, which goes away at the end. Where that is no terminal, nothing is
 * written.
 */
export async function withProgress<Answer>(
  { io }: Shell,
  work: (progress: WorkProgress) => Promise<Answer>
): Promise<Answer> {
  if (!io.isErrorTerminal) return work(() => {})
  let shown: { readonly part: string; readonly at: number } | undefined
  try {
    return await work((part, done, total) => {
      const at = io.now()
      if (shown?.part === part && Math.abs(at - shown.at) < pause) return
      shown = { part, at }
      io.error(`\r${lineOf(part, done, total)}\u001b[K`)
    })
  } finally {
    if (shown) io.error('\r\u001b[K')
  }
}

function lineOf(part: string, done: number | undefined, total: number | undefined): string {
  if (done === undefined) return `${part}…`
  const count = done.toLocaleString('en')
  return total === undefined ? `${part}: ${count}` : `${part}: ${count} of ${total.toLocaleString('en')}`
}
