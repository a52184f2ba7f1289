import { writeFileSync } from 'node:fs'
import { documentHash } from '../src/graphql/operation/operation.ts'
import { openStore } from '../src/store/open.ts'
import { ask } from './answer.ts'
import { sqliteUrl } from './catalogues.ts'
import { freePort, root, start, stop } from './child.ts'
import { type Exchange, exchange } from './exchange.ts'
import { digits, kilobytes, median, spread } from './figures.ts'
import { fill } from './fill.ts'
import type { Served } from './load.ts'
import { freshBody, freshInstant, nestedDocument, nestedId, nestedQuery, sameBody } from './nested-query.ts'
import type { Benchmark, Row } from './row.ts'
import { ready, startService } from './service.ts'
import { withFolder } from './temporary-folder.ts'

const core = 0

/** One side of a comparison. */
interface Side extends Omit<Exchange, 'count'> {
  readonly pid: number
}

/** A nested query against a read of equally many bytes over REST, and against Apollo Server with the same schema, resolvers and data. */
export const graphql: Benchmark = async ({ size, say }) =>
  withFolder(async (folder) => {
    const databaseUrl = sqliteUrl(folder)
    const store = await openStore(databaseUrl)
    await fill(store, [nestedDocument()])
    await store.close()
    writeFileSync(`${folder}/nested.graphql`, nestedQuery)
    const settings = { PORTOLAN_TRUSTED_DOCUMENTS: folder }
    const service = await startService(databaseUrl, { core, settings })
    const { pid } = service
    const url = `${service.url}/graphql`
    const rest: Side = { pid, url: `${service.url}/v1/catalogues/${nestedId}` }
    const fresh: Side = { pid, url, body: freshBody }
    const kept: Side = { pid, url, body: () => sameBody }
    const freshRest: Side = { ...rest, suffix: () => `?effectiveAt=${freshInstant()}` }
    const trusted: Side = { pid, url: `${url}?documentId=${documentHash(nestedQuery)}` }
    const known: Side = { ...trusted, etag: await tagOf(trusted.url) }
    const knownRest: Side = { ...rest, etag: await tagOf(rest.url) }

    const bytes = Buffer.from(
      await (
        await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: sameBody })
      ).arrayBuffer()
    )
    const file = `${folder}/body`
    writeFileSync(file, bytes)
    const bare = await other(['bench/bare-fastify.ts', '200', file, '""'])
    const apollo = await other(['bench/apollo-server.ts', databaseUrl])
    const onApollo = (body: () => string): Side => ({ pid: apollo.pid, url: `${apollo.url}`, body })

    const [rounds, count] = size === 'quick' ? [1, 200] : [7, 4000]
    const about = `nested query, ${kilobytes(bytes.byteLength)}`
    const view = kilobytes((await ask(rest.url)).body.byteLength)
    const rows: Row[] = []
    const compare = async (what: string, ours: Side, baseline: Side, goal?: Row['goal'], share = 1) => {
      say(what)
      rows.push(await compared(what, ours, baseline, rounds, Math.ceil(count * share), goal))
    }
    await compare(`${about}, nothing kept, to a view of ${view} at an instant as new`, fresh, freshRest, {
      atLeast: 0.25
    })
    await compare(`${about}, nothing kept, to a hot view of ${view}`, fresh, rest, { atLeast: 0.25 })
    await compare(`${about}, kept answer, to a hot view of ${view}`, kept, rest, { atLeast: 0.7 })
    await compare(`${about}, trusted document by GET, to a hot view of ${view}`, trusted, rest, { atLeast: 0.7 })
    await compare(`${about}, trusted document by GET that is known, to a view that is`, known, knownRest, {
      atLeast: 0.7
    })
    await compare(`${about}, nothing kept, to bare Fastify with its bytes`, fresh, bare, { atLeast: 0.25 })
    await compare(`${about}, kept answer, to bare Fastify with its bytes`, kept, bare, { atLeast: 0.7 })
    await compare(
      `${about}, kept answer, to Apollo Server`,
      kept,
      onApollo(() => sameBody),
      { atLeast: 10 },
      0.25
    )
    await compare(`${about}, nothing kept, to Apollo Server`, fresh, onApollo(freshBody), undefined, 0.25)
    await Promise.all([service.stop(), bare.stop(), apollo.stop()])
    return rows
  })

async function tagOf(url: string): Promise<string> {
  const { status, headers } = await ask(url)
  if (status !== 200) throw new Error(`${url} answered ${status}`)
  return String(headers.etag)
}

async function other([script = '', ...argv]: readonly string[]) {
  const port = await freePort()
  const child = start([process.execPath, '--import', 'tsx', `${root}${script}`, String(port), ...argv], {
    core,
    environment: { ...process.env, NODE_ENV: 'production' }
  })
  const url = `http://127.0.0.1:${port}/`
  const isApollo = script.includes('apollo')
  await ready(child, isApollo ? `${url}?query=%7B__typename%7D` : url)
  return { url, pid: child.pid ?? 0, stop: () => stop(child) }
}

/** Measures both in turns, so that both have the same conditions. The first turn warms up. */
async function compared(
  what: string,
  ours: Side,
  baseline: Side,
  rounds: number,
  count: number,
  goal: Row['goal']
): Promise<Row> {
  const pairs: { readonly ours: Served; readonly base: Served }[] = []
  for (let round = 0; round < rounds; round += 1)
    pairs.push({
      ours: await exchange({ ...ours, count }, ours.pid),
      base: await exchange({ ...baseline, count }, baseline.pid)
    })
  const measured = rounds > 1 ? pairs.slice(1) : pairs
  const ratios = measured.map(({ ours, base }) =>
    ours.cost && base.cost ? base.cost / ours.cost : ours.rate / base.rate
  )
  const text = (sides: readonly Served[]) => {
    const costs = sides.flatMap(({ cost }) => cost ?? [])
    return `${digits(median(sides.map(({ rate }) => rate)))}/s${costs.length === 0 ? '' : ` at ${digits(median(costs))} µs`}`
  }
  return {
    what,
    ours: text(measured.map(({ ours }) => ours)),
    baseline: text(measured.map(({ base }) => base)),
    figure: { value: median(ratios), unit: 'x', spread: spread(ratios) },
    ...(goal && { goal })
  }
}
