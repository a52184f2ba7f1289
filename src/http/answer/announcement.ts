import type { IncomingMessage, ServerResponse } from 'node:http'
import { clientOf, type ProxyTrust } from '../request/client.ts'
import type { Cors } from '../request/cors.ts'

/** Sets the header fields of an answer that depend on who asks, and not on what is answered. No kept answer has them. */
export type Announce = (request: IncomingMessage, response: ServerResponse) => void

/** RFC 6797: browsers use TLS only, from now on. Over plain HTTP it says nothing (section 7.2), and of sub-domains only their operator can. */
const strictTransport = ['strict-transport-security', 'max-age=31536000'] as const

/** Undefined where there is nothing to say to anybody. */
export function announcement({
  trust,
  cors,
  isTls
}: {
  readonly trust: ProxyTrust | undefined
  readonly cors: Cors | undefined
  readonly isTls: boolean
}): Announce | undefined {
  if (!trust && !cors && !isTls) return undefined
  return (request, response) => {
    if (clientOf(request, trust).isSecure) response.setHeader(...strictTransport)
    cors?.allow(request, response)
  }
}
