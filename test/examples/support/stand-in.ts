import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export interface Asked {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  /** Read as JSON; undefined where there is none. */
  readonly body: unknown
}

export interface Answered {
  readonly status: number
  readonly body?: unknown
}

/** A server that stands for a product with a JSON interface. What `answer` throws comes as 400, as a fault of the request. */
export async function standIn(t: Test, answer: (asked: Asked) => Answered): Promise<string> {
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const asked: Asked = {
      method: request.method ?? '',
      url: new URL(request.url ?? '', `http://${request.headers.host}`),
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text)
    }
    const { status, body } = answeredOr400(() => answer(asked))
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(body === undefined ? '' : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close().closeAllConnections())
  // A server that listens on TCP has one.
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

function answeredOr400(answer: () => Answered): Answered {
  try {
    return answer()
  } catch (error) {
    return { status: 400, body: { detail: String(error) } }
  }
}

/** @throws Error with the words, where the condition does not hold. */
export function demand(condition: unknown, words: string): asserts condition {
  if (!condition) throw new Error(words)
}
