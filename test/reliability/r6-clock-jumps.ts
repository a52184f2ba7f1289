import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { portolan } from '../cli/support/portolan.ts'
import { addresses, documentInput, requirementInput } from '../support/document.ts'
import { fakeClock, noFaketime } from '../support/faketime.ts'
import { Failures, type Reliability, seeded, Teardown } from './support/report.ts'
import { build, startProcess, temporaryFolder } from './support/service.ts'

const [minute, halfHour] = [60_000, 30 * 60_000]
/** Smaller than what makes a clock suspect. */
const nudge = 40_000

/** What is looked at of the answers: of readiness, the log and the view. */
interface Answer {
  readonly clock?: { readonly state: string }
  readonly items: readonly { readonly occurredAt: string; readonly effectiveAt: string }[]
  readonly requirements: readonly { readonly endpoints: readonly unknown[] }[]
}

/** The wall clock of the service jumps to and fro over transitions: each is told once, in order, and none before its time. */
export const clockJumps: Reliability = {
  name: 'R6',
  title: 'the wall clock jumps, and each transition is told once',
  async run(size) {
    if (noFaketime !== false) return { counts: {}, failures: [], skipped: noFaketime }
    const [jumps, transitions] = size === 'full' ? [100, 500] : [8, 90]
    const t = new Teardown()
    const failures = new Failures()
    build()
    const folder = temporaryFolder(t)
    const store = join(folder, 'portolan.db')
    const start = Date.now()
    // Far enough from where the clock stands after any jump, however long the test takes.
    const instants = Array.from({ length: transitions }, (_, index) => start + index * halfHour + 25 * minute)
    await publishEnds(folder, store, start, instants)
    const clock = fakeClock(folder)
    const service = await startProcess(`sqlite:${store}`, {
      ...clock.environment,
      PORTOLAN_UPCOMING_DAYS: '',
      PORTOLAN_CLOCK_HOLD: '2'
    })
    t.teardown(async () => void (await service.end('SIGKILL')))

    const read = async (path: string): Promise<Answer> =>
      JSON.parse(await (await fetch(`${service.address}${path}`)).text())
    const isSuspect = async () => (await read('/health/ready')).clock?.state === 'suspect'
    const told = async () => (await read('/v1/events?after=1&limit=1000')).items
    const until = async (isSo: () => Promise<boolean>, what: string) => {
      const deadline = performance.now() + 30_000
      while (!(await isSo())) {
        if (performance.now() > deadline) return failures.expect(false, `${what}: not within 30 seconds`)
        await pause(20)
      }
    }

    let [furthest, suspected, back, reads] = [0, 0, 0, 0]
    // It must have looked once, to know where the clock stood.
    await pause(1500)
    let before = 0
    for (const [turn, ahead] of walk(jumps, transitions).entries()) {
      const name = `jump ${turn + 1}, from ${before / halfHour} to ${ahead / halfHour} half hours`
      const known = await told()
      clock.set(Date.now() + ahead)
      if (Math.abs(ahead - before) > minute) {
        await until(isSuspect, `${name}: suspect`)
        suspected += 1
        failures.expect((await told()).length === known.length, `${name}: something was told while it was suspect`)
      } else {
        await pause(1500)
        failures.expect(!(await isSuspect()), `${name}: suspect for ${nudge / 1000} seconds`)
      }
      if (ahead < before) back += 1
      const live = instants.filter((instant) => instant > clock.now()).length
      const { requirements } = await read('/v1/catalogues/product-1')
      const shown = (requirements[0]?.endpoints.length ?? 0) - 1
      reads += 1
      failures.expect(shown === live, `${name}: ${shown} endpoints are shown instead of ${live}`)
      furthest = Math.max(furthest, clock.now())
      const due = instants.filter((instant) => instant <= furthest)
      await until(async () => !(await isSuspect()), `${name}: steady again`)
      await until(async () => (await told()).length >= due.length, `${name}: ${due.length} told`)
      const now = (await told()).map(({ effectiveAt }) => Date.parse(effectiveAt))
      failures.expect(
        String(now) === String(due),
        `${name}: ${now.length} are told instead of ${due.length}, or otherwise`
      )
      before = ahead
    }
    const all = await told()
    const early = all.filter(({ occurredAt, effectiveAt }) => Date.parse(occurredAt) < Date.parse(effectiveAt)).length
    failures.expect(early === 0, `${early} were told early`)
    failures.expect((await service.end('SIGTERM')) === 0, 'the service did not end well')
    await t.run()
    return {
      counts: {
        jumps,
        'of them back': back,
        suspected,
        transitions,
        told: all.length,
        early,
        'reads held against the clock': reads
      },
      failures: failures.list
    }
  }
}

/** Where the clock stands after each jump, in milliseconds from where it would be: to and fro, and at last beyond all transitions. */
function walk(jumps: number, transitions: number): readonly number[] {
  const random = seeded(6)
  const steps: number[] = []
  let half = 0
  for (let turn = 1; turn < jumps; turn += 1) {
    const isNudge = turn % 10 === 0
    // Around the straight way, as far as an eighth of it.
    const next = Math.round((turn / jumps + (random() - 0.5) / 4) * transitions)
    const within = Math.min(Math.max(0, next), transitions)
    if (!isNudge) half = within === half ? within + 1 : within
    steps.push(half * halfHour + (isNudge ? nudge : 0))
  }
  return [...steps, (transitions + 2) * halfHour]
}

/** A document whose addresses end one after the other. */
async function publishEnds(folder: string, store: string, start: number, instants: readonly number[]): Promise<void> {
  const ends = addresses(instants.length).map((each, index) => ({
    ...each,
    until: new Date(instants[index] ?? 0).toISOString()
  }))
  const endpoints = [{ kind: 'host', value: 'stays.example.net' }, ...ends]
  const file = join(folder, 'document.json')
  writeFileSync(file, JSON.stringify(documentInput({ requirements: [requirementInput({ endpoints })] })))
  const { code, error } = await portolan(['publish', file], { store, now: new Date(start).toISOString() })
  if (code !== 0) throw new Error(error)
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
