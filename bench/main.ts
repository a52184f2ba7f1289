import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { benchmarks } from './benchmarks.ts'
import { root } from './child.ts'
import { digits } from './figures.ts'
import { meetsGoal, type Row, type Size } from './row.ts'
import { table } from './table.ts'

const script = fileURLToPath(new URL('./run.ts', import.meta.url))

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean', default: false } },
    allowPositionals: true
  })
  const size = values.quick ? 'quick' : 'full'
  const names = positionals.length > 0 ? positionals : Object.keys(benchmarks)
  const unknown = names.find((name) => !Object.hasOwn(benchmarks, name))
  if (unknown !== undefined) {
    process.stderr.write(`There is no benchmark ${unknown}. There are: ${Object.keys(benchmarks).join(', ')}.\n`)
    process.exitCode = 2
    return
  }
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })

  const before = loadavg()
  const rows: Row[] = []
  for (const name of names) {
    const found = await run(name, size)
    if (found) rows.push(...found)
    else process.exitCode = 1
  }
  process.stdout.write(`${table(rows, size)}\n${machine(before)}\n`)
  if (size === 'quick')
    process.stdout.write('A quick run only shows that every benchmark runs. Its figures mean nothing.\n')
  else for (const { what } of rows.filter((row) => meetsGoal(row) === false)) process.stdout.write(`missed: ${what}\n`)
}

/** Runs a benchmark in a process of its own. @returns undefined if it failed; its stderr says why */
async function run(name: string, size: Size): Promise<readonly Row[] | undefined> {
  const start = performance.now()
  const child = fork(script, [name, size], { cwd: root })
  let rows: readonly Row[] | undefined
  // Only our own script sends messages.
  child.on('message', (sent) => {
    rows = sent as readonly Row[]
  })
  const [code] = await once(child, 'exit')
  process.stderr.write(
    `${name}: ${code === 0 ? 'done' : 'BROKEN'} after ${digits((performance.now() - start) / 1000)} s\n`
  )
  return code === 0 ? rows : undefined
}

function machine(before: readonly number[]): string {
  const load = [before[0], loadavg()[0]].map((number) => digits(number ?? Number.NaN)).join(' and ')
  return `Node ${process.versions.node}, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), load ${load} before and after.`
}

await main()
