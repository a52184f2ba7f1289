import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'

/** What the test asks of its receivers. */
export type Asked =
  | { readonly ask: 'open'; readonly receivers: number }
  /** Forgets what came; from now on the one at this place verifies with the secret. */
  | { readonly ask: 'begin'; readonly secrets: readonly string[] }
  | { readonly ask: 'tell' }

export interface Told {
  readonly urls: readonly string[]
  readonly received: number
  /** Of each: events that did not come right after the one before them. */
  readonly misplaced: number
  readonly verified: number
  readonly unverified: number
}

/** So that the receivers are not what is measured. */
const verifiedOneIn = 50

const urls: string[] = []
let secrets: readonly string[] = []
const last: number[] = []
let [received, misplaced, verified, unverified] = [0, 0, 0, 0]

async function open(place: number): Promise<void> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => {})
    request.on('end', () => {
      const { headers } = request
      const answer = () => void response.writeHead(204).end()
      // A notice.
      if (headers['portolan-seq'] === undefined) return answer()
      const seq = Number(headers['portolan-seq'])
      if (seq !== (last[place] ?? 0) + 1) misplaced += 1
      last[place] = seq
      const secret = secrets[place]
      if (secret !== undefined && received % verifiedOneIn === 0) verify(secret, Buffer.concat(chunks), { ...headers })
      received += 1
      answer()
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  urls[place] = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`
}

function verify(secret: string, body: Buffer, headers: object): void {
  try {
    new Webhook(secret).verify(body.toString(), { ...headers })
    verified += 1
  } catch {
    unverified += 1
  }
}

process.on('message', async (asked: Asked) => {
  if (asked.ask === 'open') for (let place = 0; place < asked.receivers; place += 1) await open(place)
  if (asked.ask === 'begin') {
    secrets = asked.secrets
    last.length = 0
    ;[received, misplaced, verified, unverified] = [0, 0, 0, 0]
  }
  const told: Told = { urls, received, misplaced, verified, unverified }
  process.send?.(told)
})
// With the test, however it ends.
process.on('disconnect', () => process.exit())
