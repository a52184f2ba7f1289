/**
 * A complete receiver of webhooks: it verifies signatures, takes each event once and in order, fetches the events that it missed, and
 * keeps a list of each catalogue for a firewall. It needs nothing but Node.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { get, type ListSettings, refreshList } from './list.ts'

/** The receiver keeps its place in the log beside the lists. */
export interface Settings extends ListSettings {
  /** The secret `whsec_…`, from the answer that created the subscription. */
  readonly secret: string
}

interface Event {
  readonly seq?: number
  readonly prevSeq: number
  readonly epoch: string
  readonly type: string
  readonly catalogue: string
}

/** The newest event that was taken. */
interface Place {
  readonly epoch: string
  readonly seq: number
}

export function receiver(settings: Settings, now: () => number = Date.now): Server {
  mkdirSync(settings.folder, { recursive: true })
  // Events are taken one after the other, even if they arrive at the same time.
  let work: Promise<unknown> = Promise.resolve()
  return createServer(async (request, response) => {
    const body = await text(request)
    if (!isSigned(settings.secret, request.headers, body, now())) return response.writeHead(400).end()
    const event: Event = JSON.parse(body)
    const taken = work.then(() => take(settings, event))
    work = taken.catch(() => {})
    try {
      await taken
      response.writeHead(204).end()
    } catch (error) {
      // The event was not taken: after a 503 it is sent again.
      console.error(error)
      response.writeHead(503).end()
    }
  })
}

/** Whether one of the signatures is right: HMAC-SHA-256 over id, timestamp and body, as in Standard Webhooks. */
function isSigned(secret: string, headers: NodeJS.Dict<string | string[]>, body: string, now: number): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers
  if (Math.abs(now / 1000 - Number(timestamp)) > 300) return false
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
  return String(signature)
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part.slice(3), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected))
}

/** Takes an event, and before it the events that were missed. An event that was taken before changes nothing. */
async function take(settings: Settings, { seq, prevSeq, epoch, type, catalogue }: Event): Promise<void> {
  if (seq === undefined) return console.log(type)
  const place = readPlace(settings)
  const isOther = place !== undefined && place.epoch !== epoch
  if (place && !isOther && seq <= place.seq) return console.log(`${seq} ${type}: taken before`)
  /** The catalogues to refresh, each with its newest event. */
  const concerned = new Map<string, number>()
  // Another epoch means another log, such as after a restore: the place in the old log says nothing about it.
  if (isOther || (place && prevSeq > place.seq)) {
    const missed = await eventsBetween(settings, isOther ? 0 : place.seq, seq)
    console.log(`${seq} ${type}: ${missed.length} events were missed`)
    for (const event of missed) concerned.set(event.catalogue, event.seq ?? 0)
  }
  concerned.set(catalogue, seq)
  for (const [id, newest] of concerned) await refreshList(settings, id, newest)
  const path = join(settings.folder, 'place.json')
  writeFileSync(`${path}.new`, JSON.stringify({ epoch, seq }))
  renameSync(`${path}.new`, path)
  console.log(`${seq} ${type}: ${[...concerned.keys()].join(', ')}`)
}

async function eventsBetween({ service }: Settings, after: number, until: number): Promise<readonly Event[]> {
  const events: Event[] = []
  let url: string | null = `${service}/v1/events?after=${after}&limit=1000`
  while (url !== null) {
    const page: { items: Event[]; page: { next: string | null } } = JSON.parse(await (await get(url)).text())
    events.push(...page.items.filter(({ seq = 0 }) => seq < until))
    url = page.page.next
  }
  return events
}

function readPlace({ folder }: Settings): Place | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'place.json'), 'utf8'))
  } catch {
    return undefined
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const {
    WEBHOOK_SECRET: secret = '',
    PORTOLAN_URL: service = 'http://127.0.0.1:8080',
    PORT = '9000',
    LOAD
  } = process.env
  const { FORMAT: format = 'nftables', QUERY: query = '' } = process.env
  const load = LOAD === undefined ? {} : { load: LOAD.split(' ') }
  receiver({ secret, service, folder: 'lists', format, query, ...load }).listen(Number(PORT))
}
