import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A question as a provider gets it. */
interface Asked {
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

export type Answer = (response: ServerResponse, asked: Asked) => void

export interface Provider {
  /** Without a slash at its end. */
  readonly origin: string
  readonly port: number
  readonly asked: Asked[]
  /** What is answered from now on. */
  answer: Answer
}

interface Test {
  teardown(close: () => Promise<void>): void
}

/** A server on a free port of this machine that publishes a list, and behaves as badly as the test says. */
export async function startProvider(t: Test, answer: Answer): Promise<Provider> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const question = { path: request.url ?? '', headers: request.headers }
    asked.push(question)
    provider.answer(response, question)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Listening on a port, so its address has one.
  const { port } = server.address() as AddressInfo
  const provider: Provider = { origin: `http://127.0.0.1:${port}`, port, asked, answer }
  t.teardown(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return provider
}

/** A list with an ETag, which answers 304 to whoever knows it. */
export function list(text: string, etag: string): Answer {
  return (response, { headers }) => {
    if (headers['if-none-match'] === etag) response.writeHead(304, { etag }).end()
    else response.writeHead(200, { etag, 'content-type': 'text/plain' }).end(text)
  }
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => void response.writeHead(code, headers).end('no')
}

/** Several lists, each at its path without the query; what is not there is 404. */
export function site(answers: Readonly<Record<string, Answer>>): Answer {
  return (response, asked) => (answers[asked.path.replace(/\?.*$/, '')] ?? status(404))(response, asked)
}
