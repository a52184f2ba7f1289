import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'

/** What the test asks of its receivers. */
export type Asked =
  | { readonly ask: 'open'; readonly receivers: number }
  /** Forgets what came: the first event is now the one after this seq, and some are verified with the secret of their place. */
  | { readonly ask: 'begin'; readonly secrets: readonly string[]; readonly after: number }
  | { readonly ask: 'tell' }

export interface Told {
  readonly urls: readonly string[]
  readonly received: number
  /** Of each: events that did not come right after the one before them. */
  readonly misplaced: number
  readonly verified: number
  readonly unverified: number
  /** Milliseconds since 1970; 0 where nothing came. */
  readonly firstAt: number
  readonly lastAt: number
  /** The processor time of this process, in microseconds. */
  readonly processorUs: number
}

/** So that the receivers are not what is measured. */
const verifiedOneIn = 50

const urls: string[] = []
let secrets: readonly string[] = []
let [after, last]: [number, number[]] = [0, []]
let [received, misplaced, verified, unverified, firstAt, lastAt] = [0, 0, 0, 0, 0, 0]

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
      if (seq !== (last[place] ?? after) + 1) misplaced += 1
      last[place] = seq
      const secret = secrets[place]
      if (secret !== undefined && received % verifiedOneIn === 0) verify(secret, Buffer.concat(chunks), { ...headers })
      received += 1
      lastAt = Date.now()
      if (firstAt === 0) firstAt = lastAt
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
    ;[after, last] = [asked.after, []]
    ;[received, misplaced, verified, unverified, firstAt, lastAt] = [0, 0, 0, 0, 0, 0]
  }
  const { user, system } = process.cpuUsage()
  const processorUs = user + system
  const told: Told = { urls, received, misplaced, verified, unverified, firstAt, lastAt, processorUs }
  process.send?.(told)
})
// With the test, however it ends.
process.on('disconnect', () => process.exit())
