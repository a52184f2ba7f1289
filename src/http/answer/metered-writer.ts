import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Meter } from '../limit/meter.ts'
import type { AnswerWriter } from './answer-writer.ts'
import type { PreparedAnswer } from './hot-answers.ts'

/** Gives back what an answer cost that the client had already. */
export class MeteredWriter implements AnswerWriter {
  readonly #writer: AnswerWriter
  readonly #meter: Meter

  constructor(writer: AnswerWriter, meter: Meter) {
    this.#writer = writer
    this.#meter = meter
  }

  write(request: FastifyRequest, reply: FastifyReply, prepared: PreparedAnswer, body: Uint8Array | undefined): void {
    if (!body) this.#meter.giveBack(request, reply)
    this.#writer.write(request, reply, prepared, body)
  }
}
