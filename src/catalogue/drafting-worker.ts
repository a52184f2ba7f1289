import { parentPort } from 'node:worker_threads'
import type { Document } from '../domain/document/document.ts'
import { PortolanError } from '../domain/errors.ts'
import { toRows } from '../domain/history/rows.ts'
import { decide } from '../domain/publishing/decide.ts'
import type { Order, Reply } from './drafting.ts'

/** Carries out an order of `Drafting` in its thread, by the same pure function as for a small document. */
function carryOut({ id, manuscript, head, context }: Order): Reply {
  try {
    const state = head && { revision: head.revision, rows: toRows(readDocument(head.json)) }
    const { decision, document } = decide(state, manuscript, context)
    return { id, decision, ...(document && { json: Buffer.from(JSON.stringify(document)) }) }
  } catch (error) {
    if (!(error instanceof PortolanError))
      return { id, crash: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    const { code, message: detail, faults, extra } = error
    return { id, error: { code, detail, faults, extra } }
  }
}

/** The service wrote this JSON itself, from a canonical document. */
function readDocument(json: Uint8Array): Document {
  return JSON.parse(Buffer.from(json).toString('utf8'))
}

parentPort?.on('message', (order: Order) => parentPort?.postMessage(carryOut(order)))
