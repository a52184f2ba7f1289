import type { Catalogues } from '../src/catalogue/catalogues.ts'
import { openStore } from '../src/store/open.ts'
import { alternate, timed } from './alternate.ts'
import { lookUp } from './built.ts'
import { sqliteUrl, withCatalogues } from './catalogues.ts'
import { milliseconds } from './figures.ts'
import { fill } from './fill.ts'
import { randomNumbers } from './random.ts'
import type { Benchmark, Goal, Row, Run } from './row.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'

const endpoints = 100
const goal = { atMost: 2 }

/** Makes a value to look up, which a single endpoint of all catalogues matches. */
type Ask = (catalogue: number, place: number) => string

/** Looks one value up in many catalogues against few catalogues, without any cache. */
export const lookups: Benchmark = async (run) => {
  const [many, few] = run.size === 'quick' ? [20, 5] : [1_000, 10]
  return withFolder((folder) =>
    withFilled(sqliteUrl(`${folder}/many`), many, run, (inMany) =>
      withFilled(sqliteUrl(`${folder}/few`), few, run, async (inFew) => {
        const compared = async (what: string, asked: Ask, goal?: Goal): Promise<Row> => {
          run.say(what)
          const sample = (catalogues: Catalogues, count: number) => () => lookUpSome(catalogues, count, asked, run)
          const { ours, baseline, figure } = await alternate(
            run.size === 'quick' ? 1 : 9,
            sample(inMany, many),
            sample(inFew, few)
          )
          return {
            what: `look up ${what}, ${many.toLocaleString('en')} catalogues of ${endpoints} endpoints against ${few}`,
            ours: milliseconds(ours),
            baseline: milliseconds(baseline),
            figure,
            ...(goal && { goal })
          }
        }
        return [
          await compared('an address', addressIn, goal),
          await compared('a host under a wildcard', hostUnderWildcard, goal),
          await compared('a flow', (catalogue, place) => `tcp/${addressIn(catalogue, place)}/443`)
        ]
      })
    )
  )
}

const addressIn: Ask = (catalogue, place) => editionsOf(catalogue).value(place - (place % 4) + 1)
const hostUnderWildcard: Ask = (catalogue, place) => `h${place}.site.wild${catalogue}.example.net`

function editionsOf(catalogue: number): SyntheticCatalogue {
  return new SyntheticCatalogue({ id: `catalogue-${catalogue}`, endpoints, changed: 0, seed: catalogue * endpoints })
}

/** Milliseconds for one look-up, measured over some at random places. */
async function lookUpSome(catalogues: Catalogues, count: number, asked: Ask, { size }: Run): Promise<number> {
  const random = randomNumbers(count)
  const values = Array.from({ length: size === 'quick' ? 5 : 100 }, () =>
    asked(Math.floor(random() * count), Math.floor(random() * endpoints))
  )
  const clocks = { seq: catalogues.heads.seq, instant: Date.now() }
  const total = await timed(async () => {
    for (const value of values) {
      const { found } = await lookUp(catalogues, value, clocks)
      if (found.length !== 1) throw new Error(`${value} was found ${found.length} times`)
    }
  })
  return total / values.length
}

async function withFilled<T>(url: string, count: number, { say }: Run, use: (catalogues: Catalogues) => Promise<T>) {
  say(`${count} catalogues`)
  const store = await openStore(url)
  for (let catalogue = 0; catalogue < count; catalogue += 1) {
    const { requirements, ...document } = editionsOf(catalogue).next()
    const wildcard = { kind: 'host', value: `*.wild${catalogue}.example.net` } as const
    const withWildcard = requirements.map((each) => ({ ...each, endpoints: [wildcard, ...each.endpoints] }))
    await fill(store, [{ ...document, requirements: withWildcard }])
  }
  await store.close()
  return withCatalogues(url, 0, use)
}
