import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'

/** A receiver that verifies, and remembers what came and in which order. */
export interface Inbox {
  readonly url: string
  readonly seqs: number[]
  readonly at: number[]
  /** Requests that did not verify. */
  readonly faults: string[]
  secrets: readonly string[]
  /** Milliseconds before it answers. */
  delayMs: number
  close(): void
}

export async function openInbox(): Promise<Inbox> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text: string) => {
      body += text
    })
    request.on('error', () => {})
    request.on('end', () => {
      const fault = faultOf(inbox.secrets, body, request.headers)
      if (fault !== undefined) inbox.faults.push(fault)
      const { seq }: { readonly seq?: number } = JSON.parse(body)
      if (seq !== undefined) {
        inbox.seqs.push(seq)
        inbox.at.push(performance.now())
      }
      const answer = () => void response.writeHead(204).end()
      if (inbox.delayMs > 0) setTimeout(answer, inbox.delayMs)
      else answer()
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const inbox: Inbox = {
    url: `http://127.0.0.1:${port}/`,
    seqs: [],
    at: [],
    faults: [],
    secrets: [],
    delayMs: 0,
    close() {
      server.closeAllConnections()
      server.close()
    }
  }
  return inbox
}

/** Any of the secrets will do: while one is replaced, both do. Without secrets nothing is verified. */
function faultOf(secrets: readonly string[], body: string, headers: object): string | undefined {
  if (secrets.length === 0) return undefined
  for (const secret of secrets) {
    try {
      new Webhook(secret).verify(body, { ...headers })
      return undefined
    } catch {
      // The next one, then.
    }
  }
  return `nobody signed ${JSON.stringify(headers).slice(0, 300)}`
}

/** In which order events came first. */
export function firstComings(seqs: readonly number[]): readonly number[] {
  return [...new Set(seqs)]
}

export function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0))
}
