import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { PortolanError } from '../../domain/errors.ts'
import { problemOf } from '../schema/problem.ts'
import { securityHeaders } from './headers.ts'

interface SocketError extends Error {
  readonly code?: string
}

/** Answers a request that Node cannot parse, and that therefore never reaches Fastify, with a problem, and closes the connection. */
export function answerBrokenRequest(error: SocketError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy()
  const problem = problemOf(refusal(error.code), randomUUID())
  const body = JSON.stringify(problem)
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      'content-type: application/problem+json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      ...Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`),
      'connection: close',
      '',
      body
    ].join('\r\n')
  )
}

function refusal(code: string | undefined): PortolanError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new PortolanError('request_timeout', 'The request was not complete in time.')
  if (code === 'HPE_HEADER_OVERFLOW')
    return new PortolanError('malformed_body', 'The header fields of the request are too large.')
  return new PortolanError('malformed_body', 'The request cannot be parsed as HTTP.')
}
