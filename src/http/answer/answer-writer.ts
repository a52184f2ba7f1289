import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PreparedAnswer } from './hot-answers.ts'

/** Where a prepared answer goes: to the client, or to the thread that talks to it. */
export interface AnswerWriter {
  /** Writes a prepared answer; without a body the client has it already. Nothing is written to the reply after this. */
  write(request: FastifyRequest, reply: FastifyReply, prepared: PreparedAnswer, body: Uint8Array | undefined): void
}
