import { PortolanError } from '../domain/errors.ts'
import type { JobReply, JobTable } from './work.ts'

/** Runs one job of a table and answers with what can cross threads, where the class of an error is lost. */
export async function replyOf(table: JobTable, name: string, input: unknown): Promise<JobReply> {
  try {
    const job = table[name]
    if (!job) throw new Error(`There is no job ${name}.`)
    // The pool gives each job what its type says.
    return { value: await job(input as never) }
  } catch (error) {
    if (!(error instanceof PortolanError))
      return { crash: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    const { code, message: detail, faults, extra } = error
    return { refusal: { code, detail, faults, extra } }
  }
}

/**
 * The buffers of the bytes in an answer, down to two levels: they are handed over to the other thread, not copied. A small Buffer is a part
 * of a block that others use too, and is copied.
 */
export function buffersIn(value: unknown, depth = 2): readonly ArrayBuffer[] {
  if (value instanceof Uint8Array) {
    const { buffer, byteLength } = value
    return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : []
  }
  if (depth === 0 || typeof value !== 'object' || value === null) return []
  return [...new Set(Object.values(value).flatMap((member) => buffersIn(member, depth - 1)))]
}
