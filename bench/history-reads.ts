import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { Catalogues } from '../src/catalogue/catalogues.ts'
import { alternate, timed } from './alternate.ts'
import { catalogue } from './aws-history.ts'
import { documentJson, loadDocument } from './built.ts'
import { publishAnyway, withCatalogues } from './catalogues.ts'
import { coldView } from './cold-reads.ts'
import { megabytes, milliseconds } from './figures.ts'
import type { Row, Run } from './row.ts'
import { startService } from './service.ts'

/** @throws if a document is not, byte for byte, the one that was published */
export async function oldReads(catalogues: Catalogues, kept: ReadonlyMap<number, Buffer>, { say }: Run): Promise<Row> {
  say('old reads')
  for (const [number, expected] of kept) {
    const found = Buffer.from(await documentJson(catalogues, { catalogue, number }))
    if (!found.equals(expected)) throw new Error(`revision ${number} is not what was published`)
  }
  const numbers = [...kept.keys()]
  let [next, view]: [number, unknown] = [0, undefined]
  const { ours, baseline, figure } = await alternate(
    numbers.length,
    () => {
      const number = numbers[next % numbers.length] ?? 1
      next += 1
      return timed(async () => {
        view = (await coldView(catalogues, catalogue, number)).view
      })
    },
    () => timed(() => JSON.stringify(view))
  )
  return {
    what: `cold view of ${numbers.length} random old revisions, their documents byte for byte as published`,
    ours: milliseconds(ours),
    baseline: milliseconds(baseline),
    figure,
    goal: { atMost: 15 }
  }
}

/** Reads old documents from the store, in turn with `git show` of the same documents, each a commit, and parsing what it prints. */
export async function againstGit(
  catalogues: Catalogues,
  kept: ReadonlyMap<number, Buffer>,
  folder: string,
  { say }: Run
): Promise<Row> {
  say('git')
  mkdirSync(folder)
  const git = (...words: string[]) => execFileSync('git', words, { cwd: folder, maxBuffer: 1e9, encoding: 'utf8' })
  git('init', '--quiet')
  const commits: { readonly number: number; readonly commit: string }[] = []
  for (const [number, bytes] of kept) {
    writeFileSync(`${folder}/document.json`, bytes)
    git('add', 'document.json')
    git('-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '--quiet', '-m', String(number))
    commits.push({ number, commit: git('rev-parse', 'HEAD').trim() })
  }
  git('gc', '--quiet')
  let next = 0
  const { ours, baseline, figure } = await alternate(
    commits.length,
    () => {
      next += 1
      return timed(() => loadDocument(catalogues, { catalogue, number: commits[next % commits.length]?.number ?? 1 }))
    },
    () => timed(() => JSON.parse(git('show', `${commits[next % commits.length]?.commit}:document.json`)))
  )
  return {
    what: `document of ${commits.length} random old revisions from the store, against \`git show\` and JSON.parse`,
    ours: milliseconds(ours),
    baseline: milliseconds(baseline),
    figure,
    goal: { atMost: 1 }
  }
}

export async function memoryRows(url: string, numbers: readonly number[], { say }: Run): Promise<readonly Row[]> {
  say('memory')
  const service = await startService(url)
  const fresh = service.residentBytes()
  const read = async (path: string) => {
    const answer = await fetch(`${service.url}/v1/catalogues/${catalogue}${path}`)
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`)
    await answer.arrayBuffer()
  }
  for (const number of numbers) await read(`?asOf=${number}`)
  const used = service.residentBytes()
  for (const number of numbers) await read(`/document?asOf=${number}`)
  const newest = Math.max(...numbers)
  for (const number of numbers) if (number < newest / 3) await read(`/diff?from=${number}&to=${newest}`)
  const full = service.residentBytes()
  await service.stop()
  return [
    { what: 'memory of the service on that store after the start', ours: megabytes(fresh) },
    { what: `memory after ${numbers.length} reads of old revisions`, ours: megabytes(used) },
    {
      what: 'memory after their documents and far differences, too',
      ours: megabytes(full),
      figure: { value: full / 1_000_000, unit: 'MB' },
      goal: { atMost: 250 }
    }
  ]
}

/** Publishes the last two documents in turn, on the whole history and without it: the number of revisions must make no difference. */
export async function growth(long: string, short: string, last: readonly Buffer[], { size, say }: Run): Promise<Row> {
  say('growth')
  return withCatalogues(long, 64, (onAll) =>
    withCatalogues(short, 64, async (onNone) => {
      for (const bytes of last) await publishAnyway(onNone, catalogue, bytes)
      let turn = 0
      const publishOn = (catalogues: Catalogues, bytes: Buffer | undefined) =>
        timed(() => publishAnyway(catalogues, catalogue, bytes ?? Buffer.of()))
      const { ours, baseline, figure } = await alternate(
        size === 'quick' ? 1 : 20,
        () => publishOn(onAll, last[turn % 2]),
        () => publishOn(onNone, last[turn++ % 2])
      )
      return {
        what: 'publish the last document on the whole history against on its predecessor alone',
        ours: milliseconds(ours),
        baseline: milliseconds(baseline),
        figure,
        goal: { atMost: 1.25 }
      }
    })
  )
}
