import { kills } from './r1-kills.ts'
import { replicaKills } from './r2-replicas.ts'
import { durability } from './r3-durability.ts'
import { damagedWal } from './r4-damaged-wal.ts'
import { fullDisk } from './r5-full-disk.ts'
import { clockJumps } from './r6-clock-jumps.ts'
import { storm } from './r7-storm.ts'
import { receiverMatrix } from './r8-receivers.ts'
import { isolation } from './r9-isolation.ts'
import { throughput } from './r10-throughput.ts'
import { rotation } from './r11-rotation.ts'
import { frozenHolder } from './r12-frozen-holder.ts'
import { racingCommits } from './r13-racing-commits.ts'
import { sigterm } from './r14-sigterm.ts'
import { editsByHand } from './r17-hand-edits.ts'
import { soak } from './r18-soak.ts'
import { lostStore } from './r19-lost-store.ts'
import { model } from './r20-model.ts'
import { versionBefore } from './r21-version-before.ts'
import type { Reliability, Report, Size } from './support/report.ts'

/** The one list. */
const all: readonly Reliability[] = [
  kills,
  replicaKills,
  durability,
  damagedWal,
  fullDisk,
  clockJumps,
  storm,
  receiverMatrix,
  isolation,
  throughput,
  rotation,
  frozenHolder,
  racingCommits,
  sigterm,
  editsByHand,
  soak,
  lostStore,
  model,
  versionBefore
]

const words = process.argv.slice(2)
const size: Size = words.includes('--full') ? 'full' : 'ci'
const rounds = words.find((word) => word.startsWith('--rounds='))?.slice('--rounds='.length)
const names = words.filter((word) => !word.startsWith('--'))
const chosen = names.length === 0 ? all : all.filter(({ name }) => names.includes(name))
if (chosen.length < names.length) {
  process.stderr.write(`There are ${all.map(({ name }) => name).join(', ')}.\n`)
  process.exit(2)
}

let [failed, skips] = [0, 0]
for (const { name, title, run } of chosen) {
  const began = performance.now()
  const {
    counts,
    failures: broken,
    missed = [],
    skipped
  }: Report = await run(size, rounds === undefined ? undefined : Number(rounds)).catch((error: unknown) => ({
    counts: {},
    failures: [error instanceof Error ? (error.stack ?? error.message) : String(error)]
  }))
  const failures = [...broken, ...(size === 'full' ? missed.map((goal) => `goal missed: ${goal}`) : [])]
  const seconds = Math.round((performance.now() - began) / 1000)
  const text = Object.entries(counts).map(([label, count]) => `${count} ${label}`)
  if (skipped) {
    skips += 1
    process.stdout.write(`skip ${name} ${title}: ${skipped}\n`)
    continue
  }
  process.stdout.write(
    `${failures.length === 0 ? 'ok  ' : 'FAIL'} ${name} ${title} (${seconds} s): ${text.join(', ')}\n`
  )
  for (const failure of failures.slice(0, 20)) process.stdout.write(`     ${failure}\n`)
  if (size === 'ci') for (const goal of missed) process.stdout.write(`     goal missed here: ${goal}\n`)
  if (failures.length > 0) failed += 1
}
process.stdout.write(`${chosen.length - failed - skips} passed, ${failed} failed, ${skips} skipped (${size})\n`)
process.exit(failed === 0 ? 0 : 1)
