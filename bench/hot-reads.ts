import { writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { openStore } from '../src/store/open.ts'
import { ask, type RawAnswer } from './answer.ts'
import { sqliteUrl } from './catalogues.ts'
import { freePort, root, start, stop } from './child.ts'
import { digits, kilobytes, median, megabytes, spread } from './figures.ts'
import { fill } from './fill.ts'
import { loadProgram, type Served, underLoad } from './load.ts'
import type { Benchmark, Row, Size } from './row.ts'
import { ready, type Service, startService } from './service.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'

const modes = ['200', '304', 'gzip'] as const
type Mode = (typeof modes)[number]

/** Numbers of endpoints whose views are about 10 KB and 2 MB. */
const bodies = { small: 125, large: 26_500 } as const

const core = 0

/** What ours is compared with, and the goal: a Fastify that only sends the same bytes, and Node itself that writes the same head and bytes. */
const baselines = { Fastify: 0.85, 'node:http': 0.9 } as const
type Baseline = keyof typeof baselines

/** The whole service against servers that do nothing else. */
export const hotReads: Benchmark = async ({ size, say }) =>
  withFolder(async (folder) => {
    const url = sqliteUrl(folder)
    const store = await openStore(url)
    for (const [id, endpoints] of Object.entries(bodies))
      await fill(store, [new SyntheticCatalogue({ id, endpoints, changed: 0 }).next()])
    await store.close()

    const service = await startService(url, { core })
    const rows: Row[] = []
    for (const id of Object.keys(bodies)) {
      // A quick run measures every kind of answer with the small body only.
      for (const mode of size === 'quick' && id === 'large' ? modes.slice(0, 1) : modes) {
        say(`${id} ${mode}`)
        const read = { what: 'view', path: `/v1/catalogues/${id}` }
        rows.push(await compareWithBare(service, read, mode, { baseline: 'Fastify', folder, size }))
        if (id === 'small')
          rows.push(await compareWithBare(service, read, mode, { baseline: 'node:http', folder, size }))
      }
    }
    await service.stop()
    return rows
  })

/** What is read: `headers` are those of the client beside its encoding and its tag. */
export interface HotRead {
  readonly what: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A kept answer against a server that only sends the same bytes. */
export async function compareWithBare(
  service: Service,
  { what, path, headers: fields = {} }: HotRead,
  mode: Mode,
  { baseline, folder, size }: { readonly baseline: Baseline; readonly folder: string; readonly size: Size }
): Promise<Row> {
  const url = service.url + path
  const accepted: Record<string, string> = { ...fields, ...(mode === 'gzip' && { 'accept-encoding': 'gzip' }) }
  const answer = await ask(url, accepted)
  const headers = { ...accepted, ...(mode === '304' && { 'if-none-match': String(answer.headers.etag) }) }
  const file = `${folder}/body`
  writeFileSync(file, answer.body)
  const own = await ask(url, headers)
  const bare = await startBare(baseline === 'Fastify' ? fastifyScript(mode, file, own) : nodeScript(file, own))
  checkAlike(own, await ask(bare.url, headers), mode, baseline)

  const [pairs, seconds] = size === 'quick' ? [1, 1] : [10, 2]
  const measured: Pair[] = []
  for (let pair = 0; pair < pairs; pair += 1) {
    const ours = await underLoad({ url, headers, seconds }, service.pid)
    measured.push({ ours, bare: await underLoad({ url: bare.url, headers, seconds }, bare.pid) })
  }
  await bare.stop()
  // The first pair warms up.
  return row(what, mode, baseline, answer, pairs > 1 ? measured.slice(1) : measured)
}

interface Pair {
  readonly ours: Served
  readonly bare: Served
}

/** A script with its arguments but the first, which is the port. */
type Script = readonly [path: string, ...words: string[]]

function fastifyScript(mode: Mode, file: string, { headers }: RawAnswer): Script {
  return ['bench/bare-fastify.ts', mode, file, String(headers.etag)]
}

function nodeScript(file: string, { status, headers }: RawAnswer): Script {
  return ['bench/bare-node.ts', file, String(headers.etag), String(status), JSON.stringify(writtenFields(headers))]
}

/** The header fields that a server writes itself: Node adds the others. */
function writtenFields(headers: RawAnswer['headers']): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name))
    .flatMap(([name, value]) => [name, String(value)])
}

async function startBare([path, ...words]: Script) {
  const port = await freePort()
  const script = ['--import', 'tsx', root + path, String(port), ...words]
  const child = start([process.execPath, ...script], {
    core,
    environment: { ...process.env, NODE_ENV: 'production' }
  })
  const url = `http://127.0.0.1:${port}/`
  await ready(child, url)
  return { url, pid: child.pid ?? 0, stop: () => stop(child) }
}

/** A ratio means something only if both servers answer the same. */
function checkAlike(ours: RawAnswer, bare: RawAnswer, mode: Mode, baseline: Baseline): void {
  const status = mode === '304' ? 304 : 200
  if (ours.status !== status || bare.status !== status)
    throw new Error(`${ours.status} and ${bare.status}, not ${status}`)
  if (!ours.body.equals(bare.body)) throw new Error(`the bodies of ${mode} differ`)
  if (baseline === 'node:http' && String(writtenFields(ours.headers)) !== String(writtenFields(bare.headers)))
    throw new Error(`the header fields of ${mode} differ`)
  if (mode === 'gzip') gunzipSync(ours.body)
}

/**
 * The server has a core of its own and is always busy, so its rate shows the cost of an answer. On a shared machine it gets an unknown
 * part of the core. Its processor time is still right, so the ratio is made from that if the system reports it.
 */
function row(read: string, mode: Mode, baseline: Baseline, { body }: RawAnswer, pairs: readonly Pair[]): Row {
  const bytes = body.byteLength > 1_000_000 ? megabytes(body.byteLength) : kilobytes(body.byteLength)
  const ratios = pairs.map(({ ours, bare }) =>
    ours.cost === undefined || bare.cost === undefined ? ours.rate / bare.rate : bare.cost / ours.cost
  )
  const text = (side: readonly Served[]) => {
    const costs = side.flatMap(({ cost }) => cost ?? [])
    const rate = `${digits(median(side.map(({ rate }) => rate)))}/s`
    return costs.length === 0 ? rate : `${rate} at ${digits(median(costs))} µs`
  }
  return {
    what: `hot ${read}, ${bytes}${mode === 'gzip' ? ' of gzip' : ''}, ${mode === '304' ? 304 : 200}, against ${baseline}, by ${loadProgram}`,
    ours: text(pairs.map(({ ours }) => ours)),
    baseline: text(pairs.map(({ bare }) => bare)),
    figure: { value: median(ratios), unit: 'x', spread: spread(ratios) },
    goal: { atLeast: baselines[baseline] }
  }
}
