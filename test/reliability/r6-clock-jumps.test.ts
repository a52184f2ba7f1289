import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { portolan } from '../cli/portolan.ts'
import { addresses, documentInput, requirementInput } from '../document.ts'
import { startService } from '../service.ts'

// A process of its own, and waits: slow on a loaded machine.
t.setTimeout(300_000)

// Debian's package `faketime`.
const library = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64']
  .map((folder) => `${folder}/faketime/libfaketimeMT.so.1`)
  .find(existsSync)
const isAbsent = library === undefined && 'the library of the package faketime is not on this machine'

const [minute, hour] = [60_000, 3_600_000]
/** How far the wall clock jumps each time, in hours. */
const jumps = [3, -2, 12, -9, 30, -20]
const transitionCount = 90

/** What is looked at of the answers: of readiness, the log and the view. */
interface Answer {
  readonly clock?: { readonly state: string }
  readonly items: readonly { readonly effectiveAt: string }[]
  readonly requirements: readonly { readonly endpoints: readonly unknown[] }[]
}

t.test(
  'R6: the wall clock jumps, and each transition is told once, none early',
  { skip: isAbsent, timeout: 240_000 },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
    t.teardown(() => rmSync(folder, { recursive: true }))
    const offset = join(folder, 'offset')
    writeFileSync(offset, '+0\n')
    const environment = {
      PORTOLAN_DATABASE_URL: `sqlite:${join(folder, 'portolan.db')}`,
      PORTOLAN_CATALOGUES: '',
      PORTOLAN_UPCOMING_DAYS: '',
      PORTOLAN_CLOCK_HOLD: '3',
      PORTOLAN_LOG_LEVEL: 'warn'
    }
    const start = Date.now()
    // Half an hour apart, and a quarter of an hour away from where the clock will ever stand.
    const instants = Array.from({ length: transitionCount }, (_, index) => start + 15 * minute + index * 30 * minute)
    const ends = addresses(transitionCount).map((each, index) => ({
      ...each,
      until: new Date(instants[index] ?? 0).toISOString()
    }))
    const endpoints = [{ kind: 'host', value: 'stays.example.net' }, ...ends]
    const file = join(folder, 'document.json')
    writeFileSync(file, JSON.stringify(documentInput({ requirements: [requirementInput({ endpoints })] })))
    const published = await portolan(['publish', file], {
      store: join(folder, 'portolan.db'),
      now: new Date(start).toISOString()
    })
    t.equal(published.code, 0, published.error)

    const service = await startService({
      ...environment,
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: offset,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_NO_CACHE: '1'
    })
    t.teardown(() => service.stop('SIGKILL'))
    const read = async (path: string): Promise<Answer> =>
      JSON.parse(await (await fetch(`${service.address}${path}`)).text())
    const isSuspect = async () => (await read('/health/ready')).clock?.state === 'suspect'
    const told = async (): Promise<readonly number[]> => {
      const { items } = await read('/v1/events?after=1&limit=1000')
      return items.map(({ effectiveAt }) => Date.parse(effectiveAt))
    }
    let [ahead, furthest] = [0, 0]
    // It must have looked once, to know where the clock stood.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    for (const jump of jumps) {
      const before = await told()
      ahead += jump
      furthest = Math.max(furthest, ahead)
      writeFileSync(offset, `+${ahead * 3600}\n`)
      await until(isSuspect)
      t.same(await told(), before, `${jump} h: nothing is told while the clock is suspect`)
      const { requirements } = await read('/v1/catalogues/product-1')
      const live = instants.filter((instant) => instant > start + ahead * hour).length
      t.equal(requirements[0]?.endpoints.length, 1 + live, 'what is read goes by the wall clock')
      await until(async () => !(await isSuspect()))
      const due = instants.filter((instant) => instant <= start + furthest * hour)
      await until(async () => (await told()).length >= due.length)
      t.same(await told(), due, `${due.length} are told, each once, in order`)
    }
    t.equal(await service.stop(), 0)
    t.comment(`${jumps.length} jumps over ${transitionCount} transitions`)
  }
)

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20))
}
