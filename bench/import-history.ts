import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { timed } from './alternate.ts'
import { awsHistory, type Edition, hasHistory } from './aws-history.ts'
import { overrides, sqliteUrl } from './catalogues.ts'
import { start } from './child.ts'
import { median, megabytes, milliseconds } from './figures.ts'
import { readWriteAndHash } from './publish.ts'
import type { Benchmark } from './row.ts'
import { withFolder } from './temporary-folder.ts'

/** `portolan import --history` of the last states of a real feed, where they are largest, by the command itself. */
export const importHistory: Benchmark = async ({ size, say }) => {
  if (!hasHistory()) return [{ what: 'SKIPPED: the file of the AWS history is not beside the repository', ours: '' }]
  const count = size === 'quick' ? 10 : 200
  const last: Edition[] = []
  for await (const edition of awsHistory()) {
    last.push(edition)
    if (last.length > count) last.shift()
    if (size === 'quick' && edition.rows > 1_300) break
  }
  return withFolder(async (folder) => {
    for (const edition of last) write(`${folder}/all`, edition)
    for (const edition of last.slice(0, 1)) write(`${folder}/one`, edition)
    say('one state')
    const alone = await timed(() => replay(`${folder}/one`, sqliteUrl(`${folder}/one.store`)))
    say(`${last.length} states`)
    const all = await timed(() => replay(`${folder}/all`, sqliteUrl(`${folder}/all.store`)))
    const each = (all - alone) / (last.length - 1)
    const documents = last.map(({ document }) => Buffer.from(JSON.stringify(document)))
    const baselines: number[] = []
    for (const bytes of documents) baselines.push(await timed(() => readWriteAndHash(bytes)))
    const baseline = median(baselines)
    const what = `a state of \`portolan import --history\`, the last ${last.length} of AWS (${megabytes(documents.at(-1)?.byteLength ?? 0)} each)`
    return [
      {
        what: `${what}, against reading, writing and hashing its document`,
        ours: milliseconds(each),
        baseline: milliseconds(baseline),
        figure: { value: each / baseline, unit: 'x' }
      },
      { what: 'the same', ours: milliseconds(each), figure: { value: each / 1000, unit: 's' }, goal: { atMost: 0.05 } }
    ]
  })
}

/** Writes a state as AWS publishes it. */
function write(folder: string, { document, publishedAt }: Edition): void {
  mkdirSync(folder, { recursive: true })
  mkdirSync(`${folder}.store`, { recursive: true })
  const rows = document.requirements.flatMap(({ key, endpoints }) => {
    const [service = '', ...region] = key.split('.')
    return endpoints.flatMap((endpoint) =>
      endpoint.kind === 'address' ? [{ value: cidrOf(endpoint.value), region: region.join('.'), service }] : []
    )
  })
  const list = {
    syncToken: String(Date.parse(publishedAt) / 1000),
    createDate: publishedAt.slice(0, 19).replace(/[T:]/g, '-'),
    prefixes: rows
      .filter(({ value }) => !value.includes(':'))
      .map(({ value, ...rest }) => ({ ip_prefix: value, ...rest })),
    ipv6_prefixes: rows
      .filter(({ value }) => value.includes(':'))
      .map(({ value, ...rest }) => ({ ipv6_prefix: value, ...rest }))
  }
  writeFileSync(`${folder}/${list.createDate}.json`, JSON.stringify(list, undefined, 2))
}

function cidrOf(value: string): string {
  return value.includes('/') ? value : `${value}/${value.includes(':') ? 128 : 32}`
}

/** @throws if the command fails */
async function replay(folder: string, databaseUrl: string): Promise<void> {
  const rules = overrides.flatMap((rule) => ['--override', rule])
  const options = ['--catalogue', 'feed.aws', '--linger', 'P0D', '--reason', 'benchmark', ...rules]
  const child = start([process.execPath, 'dist/cli.js', 'import', 'aws', '--history', folder, ...options], {
    environment: { ...process.env, PORTOLAN_DATABASE_URL: databaseUrl }
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`the import of ${folder} ended with ${code}`)
}
